package dev.concordance.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.concordance.manifest.MetadataField;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterParserTest {
    private static final List<MetadataField> FIELDS = List.of(
            new MetadataField("lang", MetadataField.Type.KEYWORD),
            new MetadataField("year", MetadataField.Type.LONG),
            new MetadataField("price", MetadataField.Type.DOUBLE),
            new MetadataField("draft", MetadataField.Type.BOOLEAN),
            new MetadataField("on", MetadataField.Type.DATE));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"eq":{"lang":"en"}} | {"terms":{"metadata.lang":["en"]}}
            {"ne":{"lang":"en"}} | {"bool":{"must_not":[{"terms":{"metadata.lang":["en"]}}]}}
            {"in":{"year":[1,2]}} | {"terms":{"metadata.year":[1,2]}}
            {"range":{"price":{"gt":1,"lte":2.5}}} | {"range":{"metadata.price":{"gt":1,"lte":2.5}}}
            {"range":{"on":{"gte":"2026-05-04"}}} | {"range":{"metadata.on":{"gte":"2026-05-04"}}}
            {"and":[{"eq":{"draft":true}}]} | {"bool":{"filter":[{"terms":{"metadata.draft":[true]}}]}}
            {"or":[{"eq":{"year":1}}]} | {"bool":{"minimum_should_match":1,"should":[{"terms":{"metadata.year":[1]}}]}}
            {"signal":"HiddenText"} | {"terms":{"signals":["HiddenText"]}}
            {"not":{"signal":["HiddenText","InstructionInjection"]}} | {"bool":{"must_not":[{"terms":{"signals":["HiddenText","InstructionInjection"]}}]}}
            {"not":{"eq":{"year":1}}} | {"bool":{"must_not":[{"terms":{"metadata.year":[1]}}]}}
            """)
    void becomesAQuery(String filter, String query) throws Exception {
        assertThat(parse(filter).query()).isEqualTo(json(query));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [] | filter
            {} | filter
            {"eq":{"year":1},"ne":{"year":1}} | filter
            {"query_string":{"query":"*"}} | filter.query_string
            {"eq":[]} | filter.eq
            {"eq":{"year":1,"lang":"en"}} | filter.eq
            {"eq":{"text":"x"}} | filter.eq.text
            {"eq":{"lang.keyword":"x"}} | filter.eq.lang.keyword
            {"eq":{"lang":1}} | filter.eq.lang
            {"eq":{"lang":null}} | filter.eq.lang
            {"eq":{"lang":{"match_all":{}}}} | filter.eq.lang
            {"eq":{"lang":"\\udc00"}} | filter.eq.lang
            {"eq":{"year":"1"}} | filter.eq.year
            {"eq":{"year":1.5}} | filter.eq.year
            {"eq":{"year":9223372036854775808}} | filter.eq.year
            {"eq":{"price":"1"}} | filter.eq.price
            {"eq":{"price":1e999}} | filter.eq.price
            {"eq":{"draft":"true"}} | filter.eq.draft
            {"eq":{"on":"yesterday"}} | filter.eq.on
            {"eq":{"on":"2026-02-30"}} | filter.eq.on
            {"eq":{"on":"2026-05-04T10:00[Europe/Paris]"}} | filter.eq.on
            {"eq":{"on":"now-1d"}} | filter.eq.on
            {"in":{"year":1}} | filter.in.year
            {"in":{"year":[]}} | filter.in.year
            {"in":{"year":[1,"2"]}} | filter.in.year
            {"range":{"draft":{"gt":true}}} | filter.range.draft
            {"range":{"year":{}}} | filter.range.year
            {"range":{"year":5}} | filter.range.year
            {"range":{"year":{"gt":1,"boost":2}}} | filter.range.year.boost
            {"range":{"year":{"gt":"1"}}} | filter.range.year
            {"signal":"Email"} | filter.signal
            {"signal":[]} | filter.signal
            {"signal":{"HiddenText":true}} | filter.signal
            {"signal":["HiddenText",1]} | filter.signal
            {"and":{}} | filter.and
            {"or":[]} | filter.or
            {"or":[{"eq":{"year":1}},{"eq":{"year":"x"}}]} | filter.or[1].eq.year
            {"not":{"not":{"eq":{"month":1}}}} | filter.not.not.eq.month
            """)
    void namesTheFieldThatIsWrong(String filter, String field) {
        assertThatThrownBy(() -> parse(filter)).isInstanceOfSatisfying(SearchException.class, e -> {
            assertThat(e.kind()).isEqualTo(SearchException.Kind.INVALID);
            assertThat(e.field()).isEqualTo(field);
        });
    }

    @Test
    void saysWhichFieldsThereAre() {
        assertThatThrownBy(() -> parse("{\"eq\":{\"month\":1}}"))
                .hasMessageContaining("[lang, year, price, draft, on]");
    }

    @Test
    void boundsDepthConditionsAndValues() {
        assertThatThrownBy(() -> parse("{\"not\":".repeat(9) + "{\"eq\":{\"year\":1}}" + "}".repeat(9)))
                .hasMessageContaining("at most 8 deep");
        assertThatThrownBy(() -> parse("{\"or\":[" + "{\"eq\":{\"year\":1}},".repeat(70) + "{\"eq\":{\"year\":1}}]}"))
                .hasMessageContaining("at most 64 conditions");
        assertThatThrownBy(() -> parse("{\"in\":{\"year\":[" + "1,".repeat(1_000) + "1]}}"))
                .hasMessageContaining("1 to 1000 values");
    }

    @Test
    void repeatsNoEndlessName() {
        assertThatThrownBy(() -> parse("{\"eq\":{\"" + "x".repeat(50_000) + "\":1}}"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }

    private static Filter parse(String filter) throws Exception {
        return new FilterParser(FIELDS).parse(json(filter));
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text);
    }
}
