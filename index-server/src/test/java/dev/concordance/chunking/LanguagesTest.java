package dev.concordance.chunking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concordance.embedding.Embedder;
import dev.concordance.manifest.Chunking;
import dev.concordance.parse.Parser;
import dev.concordance.testing.SmallModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions of files in each language, told by their first and last words: where they fit, a chunk has all of one. */
class LanguagesTest {
    private static final int MODEL_TOKENS = 510;
    private static final Embedder MODEL = SmallModel.get();

    /** From the first words to the next last words after them. */
    private record Definition(String file, String first, String last) {
        String in(String text) {
            var start = text.indexOf(first);
            var end = text.indexOf(last, start + first.length());
            assertThat(start).as(first).isNotNegative();
            assertThat(end).as(last).isNotNegative();
            return text.substring(start, end + last.length());
        }
    }

    private static final List<Definition> DEFINITIONS = List.of(
            new Definition("ledger.py", "def retry(times", "    return decorate"),
            new Definition("ledger.py", "@functools.wraps", "time.sleep(pause * 2**attempt)"),
            new Definition("ledger.py", "@dataclasses.dataclass(frozen=True)", "100:02}\""),
            new Definition("ledger.py", "@property", "100:02}\""),
            new Definition("ledger.py", "# Kept in the order", "list[Payment] = []"),
            new Definition("ledger.py", "@retry(times=3)", "return len(self.payments)"),
            new Definition("ledger.py", "async def total", "start=0,\n        )"),
            new Definition("router.ts", "/** What a path", "Promise<string>;\n}"),
            new Definition("router.ts", "export enum Method", "Post = \"POST\",\n}"),
            new Definition("router.ts", "function logged", "args);\n  };\n}"),
            new Definition("router.ts", "@logged\n", "return this;\n  }"),
            new Definition("router.ts", "async serve(", "nothing here\\\"}\");\n  }"),
            new Definition("router.ts", "export const ok", "ok }\");\n}"),
            new Definition("cart.js", "static of(", "return cart;\n  }"),
            new Definition("cart.js", "add({ name", "return this;\n  }"),
            new Definition("cart.js", "get total()", "count, 0);\n  }"),
            new Definition("cart.js", "*[Symbol.iterator]", "this.#items;\n  }"),
            new Definition("cart.js", "function withTax", "(1 + rate));\n}"),
            new Definition("cart.js", "const format", "' }';\n}"),
            new Definition("cart.js", "async function checkout", "String(error) };\n  }\n}"),
            new Definition("cache.go", "// Cache is safe", "func() time.Time\n}"),
            new Definition("cache.go", "// Loader computes", "(V, error)\n}"),
            new Definition("cache.go", "// New makes", "now: time.Now}\n}"),
            new Definition("cache.go", "// Get gives", "found.value, nil\n}"),
            new Definition("cache.go", "// GetOrLoad computes", "}()\n\treturn value, nil\n}"),
            new Definition("tokens.rs", "/// A token", "Brace(char),\n}"),
            new Definition("tokens.rs", "impl fmt::Display", "self.at)\n    }\n}"),
            new Definition("tokens.rs", "pub trait Lexer", "Unexpected>;\n}"),
            new Definition("tokens.rs", "impl Lexer for Simple", "Ok(found)\n    }\n}"),
            new Definition("tokens.rs", "macro_rules!", "$code)\n    };\n}"),
            new Definition("tokens.rs", "pub fn simple()", "Simple { keywords }\n}"),
            new Definition("tokens.rs", "#[test]", "2);\n    }"),
            new Definition("ring.c", "/* A ring of bytes", "first, last;\n};"),
            new Definition("ring.c", "static size_t ring_length", "ring->first;\n}"),
            new Definition("ring.c", "struct ring *ring_new", "return ring;\n}"),
            new Definition("ring.c", "ring_result ring_put", "return RING_OK;\n}"),
            new Definition("ring.c", "int main(", "return 0;\n}"),
            new Definition("shapes.cpp", "/// A shape", "\"; }\n};"),
            new Definition("shapes.cpp", "template <typename T>", "other.y};\n  }\n};"),
            new Definition("shapes.cpp", "class Circle", "double radius_;\n};"),
            new Definition("shapes.cpp", "double area() const override {\n    double twice", "/ 2;\n  }"),
            new Definition("shapes.cpp", "template <typename... Shapes>", "0.0, sum);\n}"),
            new Definition("shop.sql", "CREATE TABLE customers", ");"),
            new Definition("shop.sql", "CREATE TABLE orders", "now()\n);"),
            new Definition("shop.sql", "/* What each customer", "> 0;"),
            new Definition("shop.sql", "CREATE FUNCTION place_order", "$body$;"),
            new Definition("shop.sql", "CREATE OR REPLACE PROCEDURE", "END;"),
            new Definition("shop.sql", "INSERT INTO customers (name)", "Brien');"),
            new Definition("deploy.sh", "usage() {", "exit 2\n}"),
            new Definition("deploy.sh", "manifest() {", "MANIFEST\n}"),
            new Definition("deploy.sh", "function await_rollout {", "  done\n}"),
            new Definition("deploy.sh", "main() {", "  done\n}"));

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 256, 500})
    void cutsNoDefinitionThatFits(int maxTokens) throws Exception {
        var fitting = 0;
        for (var definition : DEFINITIONS) {
            var source = source(definition.file());
            var text = definition.in(source);
            if (MODEL.tokenizer().count(text) <= maxTokens) {
                fitting++;
                assertThat(chunks(definition.file(), source, maxTokens))
                        .as("%s: %s", definition.file(), text)
                        .anyMatch(chunk -> chunk.text().contains(text));
            }
        }
        assertThat(fitting).isGreaterThan(DEFINITIONS.size() / 4);
    }

    static Stream<String> files() {
        return DEFINITIONS.stream().map(Definition::file).distinct();
    }

    @ParameterizedTest
    @MethodSource("files")
    void losesNoLine(String file) throws Exception {
        var source = source(file);
        for (var maxTokens : List.of(32, 128)) {
            var all = new ArrayList<String>();
            chunks(file, source, maxTokens).forEach(chunk -> all.add(chunk.text()));
            assertThat(source.lines())
                    .filteredOn(line -> line.chars().anyMatch(Character::isLetterOrDigit))
                    .allSatisfy(line -> assertThat(String.join("\n", all).replaceAll("\\s", ""))
                            .contains(line.replaceAll("\\s", "")));
        }
    }

    private static List<Chunk> chunks(String file, String source, int maxTokens) throws Exception {
        var document = Parser.parse(file, source.getBytes(StandardCharsets.UTF_8));
        return new Chunker(new Chunking.ByCode(maxTokens, ""), MODEL.tokenizer(), MODEL_TOKENS)
                .asking(RandomVectors::of)
                .chunk(file, document);
    }

    private static String source(String file) throws IOException {
        try (var in = Objects.requireNonNull(LanguagesTest.class.getResourceAsStream("/code/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
