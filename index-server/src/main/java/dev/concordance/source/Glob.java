package dev.concordance.source;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A glob without braces, matched in time that grows with its length times that of the path, whatever stars it has. */
final class Glob {
    private static final int MOST_ALTERNATIVES = 100;

    /** What a piece takes: one character, any within a folder, any at all, or any folders with their slash. */
    private enum Kind {
        EXACT,
        ONE,
        NAME,
        ALL,
        FOLDERS
    }

    private record Piece(Kind kind, char character) {}

    private final List<Piece> pieces = new ArrayList<>();

    private Glob(String glob) {
        for (var i = 0; i < glob.length(); i++) {
            if (glob.startsWith("**/", i)) {
                pieces.add(new Piece(Kind.FOLDERS, '/'));
                i += 2;
            } else if (glob.startsWith("**", i)) {
                pieces.add(new Piece(Kind.ALL, '*'));
                i++;
            } else {
                var c = glob.charAt(i);
                pieces.add(new Piece(c == '*' ? Kind.NAME : c == '?' ? Kind.ONE : Kind.EXACT, c));
            }
        }
    }

    /** What a glob with braces matches. */
    static Predicate<String> any(String glob) {
        var choices = alternatives(glob).toList();
        return path -> choices.stream().anyMatch(choice -> choice.matches(path));
    }

    /** One glob for each choice in braces. */
    static Stream<Glob> alternatives(String glob) {
        var expanded = List.of(glob);
        while (expanded.size() <= MOST_ALTERNATIVES) {
            var next = expanded.stream().flatMap(Glob::firstChoice).toList();
            if (next.equals(expanded)) {
                break;
            }
            expanded = next;
        }
        return expanded.stream().map(Glob::new);
    }

    boolean matches(String path) {
        // reached[i]: the pieces so far can take path[0:i]
        var reached = new boolean[path.length() + 1];
        reached[0] = true;
        for (var piece : pieces) {
            reached = after(piece, path, reached);
        }
        return reached[path.length()];
    }

    private static boolean[] after(Piece piece, String path, boolean[] before) {
        var after = new boolean[before.length];
        var open = false;
        for (var i = 0; i < before.length; i++) {
            var last = i == 0 ? '/' : path.charAt(i - 1);
            switch (piece.kind()) {
                case EXACT -> after[i] = i > 0 && before[i - 1] && last == piece.character();
                case ONE -> after[i] = i > 0 && before[i - 1] && last != '/';
                case NAME -> {
                    open = before[i] || open && last != '/';
                    after[i] = open;
                }
                case ALL -> {
                    open |= before[i];
                    after[i] = open;
                }
                case FOLDERS -> {
                    after[i] = before[i] || open && last == '/';
                    open |= before[i];
                }
            }
        }
        return after;
    }

    private static Stream<String> firstChoice(String glob) {
        var begin = glob.indexOf('{');
        var end = glob.indexOf('}', begin);
        if (begin < 0 || end < 0) {
            return Stream.of(glob);
        }
        return Stream.of(glob.substring(begin + 1, end).split(",", -1))
                .map(choice -> glob.substring(0, begin) + choice + glob.substring(end + 1));
    }
}
