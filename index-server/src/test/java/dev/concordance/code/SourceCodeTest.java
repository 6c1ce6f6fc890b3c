package dev.concordance.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourceCodeTest {
    private static final int HOSTILE = 500_000;

    @Test
    void findsClassesAndMethodsOfJavaWithWhatStandsAboveThem() {
        assertThat(outline("A.java", """
                /* Licence. */
                package a;

                /** A {@code class}; it isn't "closed" here. */
                @Deprecated
                @SuppressWarnings({"a", "b"})
                public final class A<T extends Comparable<T>> implements
                        B, C {
                    private static final String BRACE = "}"; // }
                    private final char c = '{';

                    /** Makes one. */
                    A(int x) {
                        super(x);
                    }

                    @Override
                    public List<T> all(
                            Map<String, T> by) throws E {
                        if (by == null) {
                            return List.of();
                        } else {
                            return x(new Object() {
                                @Override public String toString() {
                                    return \"""
                                        } "quoted" {
                                        \""";
                                }
                            });
                        }
                    }

                    enum Kind {
                        ONE,
                        TWO
                    }
                    record R(int a) {}
                    @interface Marker {}
                }
                """)).isEqualTo("""
                4-39 public final class A<T extends Comparable<T>> implements B, C
                  12-15 A(int x)
                  17-31 public List<T> all( Map<String, T> by) throws E
                    20-30 -
                      23-29 -
                        24-28 public String toString()
                  33-36 enum Kind
                  37-37 record R(int a)
                  38-38 interface Marker
                """);
    }

    @Test
    void findsTypesAndFunctionsOfGo() {
        assertThat(outline("a.go", """
                package a

                import "fmt"

                // Server serves.
                type Server struct {
                	name string
                }

                // Handle handles.
                func (s *Server) Handle(w io.Writer,
                	r func(int) int) (n int, err error) {
                	x := `}`
                	go func() {
                		fmt.Println('}', x)
                	}()
                	return
                }
                var table = map[string]int{
                	"a": 1,
                }
                """)).isEqualTo("""
                5-8 type Server struct
                10-18 func (s *Server) Handle(w io.Writer, r func(int) int) (n int, err error)
                  14-16 -
                19-21 -
                """);
    }

    @Test
    void findsClassesFunctionsAndArrowsOfTypeScript() {
        assertThat(outline("a.tsx", """
                import {x} from 'y'
                const words = ['a', "b"]

                /** The view. */
                @Component({selector: 'a'})
                export class View extends Base<string> {
                  static count = 0
                  private field: Map<string, number>
                  async load(id: string): Promise<void> {
                    const r = /[/}"]+/g.test(`a ${id ? `}${id}` : '{'} b`)
                    return r / 2 / 3
                  }
                }
                export type Props = {
                  name: string
                }
                type Alias = Array<string>
                export const Page = ({name}: Props) => {
                  return <p title="it's">Don't {name}</p>
                }

                module.exports = {
                  a: 1,
                  b: 2,
                  run() {
                    return 1
                  },
                }
                """)).isEqualTo("""
                4-13 export class View extends Base<string>
                  9-12 async load(id: string): Promise<void>
                14-16 export type Props =
                18-20 export const Page = ({name}: Props) =>
                22-28 -
                  25-27 run()
                """);
    }

    @Test
    void findsFunctionsTypesAndNamespacesOfCAndItsChildren() {
        assertThat(outline("a.cpp", """
                #include <a.h>
                #define OPEN(x) do { \\
                    x {
                namespace a::b {
                template <typename T = int>
                class Q : public R {
                 public:
                  Q() : x_{1}, y_(2) {
                    list_for_each(a, b) {
                      use(a);
                    }
                  }
                  bool operator==(const Q& other) const {
                    return x_ == 1'000'000;
                  }
                };
                }  // namespace a::b
                #ifdef OLD
                int main(void) {
                #else
                int main(int argc, char **argv) {
                #endif
                  const char *s = R"x(}")x";
                  return '}' ? 0 : 1;
                }
                static const struct ops o = {
                  .a = 1,
                };
                """)).isEqualTo("""
                4-17 namespace a::b
                  5-16 template <typename T = int> class Q : public R
                    7-12 Q() : x_
                      9-11 -
                    13-15 bool operator==(const Q& other) const
                19-25 int main(void)
                26-28 -
                """);
    }

    @Test
    void findsItemsOfRust() {
        assertThat(outline("a.rs", """
                use std::fmt;
                /* outer /* inner } */ still */
                #[derive(Debug)]
                pub struct S<'a> {
                    name: &'a str,
                }

                /// Shows.
                impl<'a> fmt::Display for S<'a>
                where
                    'a: 'static,
                {
                    fn fmt(&self, f: &mut F) -> R {
                        let s = r#"} " {"#;
                        match s {
                            '}' => {
                                panic!()
                            }
                        }
                    }
                }
                macro_rules! m {
                    () => {};
                }
                """)).isEqualTo("""
                2-6 pub struct S<'a>
                8-21 impl<'a> fmt::Display for S<'a> where 'a: 'static,
                  13-20 fn fmt(&self, f: &mut F) -> R
                    15-19 -
                      16-18 -
                22-24 macro_rules! m
                """);
    }

    @Test
    void findsClassesAndFunctionsOfPython() {
        assertThat(outline("a.py", """
                '''Module: def no(): pass'''
                import a

                # About A.
                @dataclass(
                    frozen=True)
                class A(B,
                        C):
                    \"""Has a
                def in_text():
                    \"""
                    x: int = 1

                    async def f(self, a=")", *b) -> Dict[str, int]:
                        if a:
                            return {
                        1: 2}
                        else:
                            def g():
                                return \\
                1
                        return f"{a}"
                    def short(self): return 1

                if x:
                    y()
                """)).isEqualTo("""
                4-23 class A(B, C)
                  14-22 async def f(self, a=")", *b) -> Dict[str, int]
                    15-17 -
                    18-21 -
                      19-21 def g()
                  23-23 def short(self)
                25-26 -
                """);
    }

    @Test
    void findsStatementsOfSql() {
        assertThat(outline("a.sql", """
                DELIMITER //
                -- Adds; one.
                CREATE PROCEDURE add_one(IN x INT)
                BEGIN
                  IF x > 1 THEN SELECT 'a;b'; END IF;
                  SELECT CASE WHEN x = 1 THEN 2 END;
                END //
                DELIMITER ;
                CREATE TABLE t (a int);
                INSERT INTO t VALUES ('it\\'s; x'), ('C:\\');
                create or replace function
                  f(x IN NUMBER) RETURN NUMBER IS
                  y NUMBER;
                BEGIN
                  RETURN y;
                END;
                /
                CREATE FUNCTION g() RETURNS int AS $body$ begin; return 1; end; $body$ LANGUAGE plpgsql;
                """)).isEqualTo("""
                2-8 CREATE PROCEDURE add_one
                9-9 CREATE TABLE t
                10-10 -
                11-16 create or replace function f
                18-18 CREATE FUNCTION g
                """);
    }

    @Test
    void findsFunctionsOfAShell() {
        assertThat(outline("a.sh", """
                #!/bin/bash
                # Says it.
                say() {
                  echo "${1#it's}" "$(cat "}")" $# # not }
                  cat <<-'END'
                }
                	END
                  if true; then
                    echo $((1 << x))
                  fi
                }
                function one::two { echo it\\'s; }
                for x in a; do
                  say "$x" <<< "y"
                done
                """)).isEqualTo("""
                2-11 say()
                  8-10 -
                12-12 function one::two
                13-15 -
                """);
    }

    @Test
    void saysNothingOfOtherFilesAndFindsNoneInWhatIsNotWhatItsNameSays() {
        assertThat(SourceCode.constructs("a.md", "class A {\n}\n")).isEmpty();
        assertThat(SourceCode.constructs("a.java", "class A {\n  void f() {\n")).contains(List.of());
        assertThat(SourceCode.constructs("a.java", "}\nclass A {\n}\n")).contains(List.of());
        assertThat(SourceCode.constructs("a.py", "x = '''never closed")).contains(List.of());
    }

    static Stream<String> names() {
        return Stream.of("a.java", "a.go", "a.ts", "a.cpp", "a.rs", "a.py", "a.sql", "a.sh");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\n",
                "(",
                "}",
                "'",
                "\"",
                "\\\"",
                "`${",
                "\"$(",
                "<<a\n",
                "/*",
                "/",
                "$a",
                "f(){};",
                "f() {}\n",
                "#if x\n",
                "#else\n",
                "@a",
                "if x:\n ",
                "R\"(",
                "r#",
                "CREATE FUNCTION a AS x",
                "a b ",
                "'\\",
                ";",
                ";\n",
                "é",
                "😀"
            })
    void readsHostileTextInLinearTime(String repeated) {
        var text = repeated.repeat(HOSTILE / repeated.length());
        names().forEach(name -> assertTimeout(Duration.ofSeconds(5), () -> SourceCode.constructs(name, text), name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void nestsConstructsInOrderWhateverTheText(String name) {
        var random = new Random(42);
        var tokens = List.of(
                "class A ",
                "f()",
                " {",
                "}",
                "(",
                ")",
                ";",
                "\n",
                "\n  ",
                "'",
                "\"",
                "`",
                "/*",
                "*/",
                "//",
                "#",
                "if ",
                "else ",
                "def f():",
                "${",
                "$(",
                "<<E",
                "\nE\n",
                "\\",
                "@a ",
                "=",
                ",",
                "CREATE FUNCTION x ",
                "BEGIN ",
                "END ",
                "fn f",
                "😀");
        for (var round = 0; round < 2_000; round++) {
            var text = new StringBuilder();
            for (var i = random.nextInt(60); i >= 0; i--) {
                text.append(tokens.get(random.nextInt(tokens.size())));
            }
            check(SourceCode.constructs(name, text.toString()).orElseThrow(), 0, text.length());
        }
    }

    private static void check(List<Construct> constructs, int start, int end) {
        var from = start;
        for (var construct : constructs) {
            assertThat(construct.start()).isGreaterThanOrEqualTo(from);
            assertThat(construct.end()).isGreaterThan(construct.start()).isLessThanOrEqualTo(end);
            check(construct.inner(), construct.start(), construct.end());
            from = construct.end();
        }
    }

    private static String outline(String name, String code) {
        var lines = new StringBuilder();
        add(code, SourceCode.constructs(name, code).orElseThrow(), "", lines);
        return lines.toString();
    }

    private static void add(String code, List<Construct> constructs, String indent, StringBuilder lines) {
        for (var construct : constructs) {
            lines.append(indent)
                    .append(line(code, construct.start()))
                    .append('-')
                    .append(line(code, construct.end() - 1))
                    .append(' ')
                    .append(construct.signature().isEmpty() ? "-" : construct.signature())
                    .append('\n');
            add(code, construct.inner(), indent + "  ", lines);
        }
    }

    private static long line(String code, int at) {
        return code.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
    }
}
