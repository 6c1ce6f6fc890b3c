package dev.concordance.parse.office;

import dev.concordance.parse.DocumentText;
import dev.concordance.parse.UnreadableDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parts of an Office Open XML package and how they refer to each other (ECMA-376, part 2). */
final class OfficeParts {
    private static final String MAIN = "officeDocument";

    private final Archive archive;

    /**
     * A reference to another part.
     *
     * @param type the last segment of its type's URI
     */
    record Relationship(String id, String type, String part) {}

    OfficeParts(Archive archive) {
        this.archive = archive;
    }

    /** Name of the part that everything begins with. */
    String main() throws UnreadableDocument, IOException {
        return of("").stream()
                .filter(relationship -> relationship.type().equals(MAIN))
                .map(Relationship::part)
                .findFirst()
                .orElseThrow(() -> OfficeFormats.unknown("an archive of none of the kinds that are read"));
    }

    /** The parts that a part refers to, in their order. */
    List<Relationship> of(String part) throws UnreadableDocument, IOException {
        var slash = part.lastIndexOf('/') + 1;
        var file = part.substring(0, slash) + "_rels/" + part.substring(slash) + ".rels";
        var found = new ArrayList<Relationship>();
        if (!archive.has(file)) {
            return found;
        }
        Xml.walk(archive.open(file), name -> false, new Xml.Visitor() {
            @Override
            public void start(String name, Xml element) {
                if (name.equals("Relationship")
                        && !element.attribute("TargetMode").equals("External")) {
                    var type = element.attribute("Type");
                    found.add(new Relationship(
                            element.attribute("Id"),
                            type.substring(type.lastIndexOf('/') + 1),
                            Archive.resolve(part, element.attribute("Target"))));
                }
            }

            @Override
            public void end(String name) {}
        });
        return found;
    }

    /** The same by their ids. */
    Map<String, String> byId(String part) throws UnreadableDocument, IOException {
        var parts = new HashMap<String, String>();
        of(part).forEach(relationship -> parts.put(relationship.id(), relationship.part()));
        return parts;
    }

    /** The parts of one type that a part refers to. */
    List<String> ofType(String part, String type) throws UnreadableDocument, IOException {
        return of(part).stream()
                .filter(relationship -> relationship.type().equals(type))
                .map(Relationship::part)
                .filter(archive::has)
                .toList();
    }

    /** Title, author and the like. */
    void facts(DocumentText text) throws UnreadableDocument, IOException {
        for (var part : ofType("", "core-properties")) {
            Facts.read(archive.open(part), text);
        }
    }
}
