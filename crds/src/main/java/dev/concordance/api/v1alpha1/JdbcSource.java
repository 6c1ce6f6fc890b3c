package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of a query. */
@ValidationRule(
        value = "!has(self.caConfigMapRef) || !has(self.tls) || self.tls == 'Verify'",
        message = "caConfigMapRef is only of use with tls: Verify: write that, or take it out",
        fieldPath = ".caConfigMapRef")
@ValidationRule(
        value = "!has(self.rateLimit) || !has(self.rateLimit.bytesPerSecond)",
        message =
                "a database is asked by statements: write rateLimit.requestsPerMinute, of which each gives up to 1000 keys or 100"
                        + " rows",
        fieldPath = ".rateLimit")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JdbcSource(
        @JsonPropertyDescription("Whose database it is: PostgreSQL or MariaDB.")
        @Required
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['PostgreSQL', 'MariaDB']", message = "write PostgreSQL or MariaDB")
        @Nullable
        String engine,

        @JsonPropertyDescription("Name or IPv4 address of the server. Example: postgres.shop.svc")
        @Required
        @Size(min = 1, max = MAX_HOST)
        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9]([-.A-Za-z0-9]*[A-Za-z0-9])?$')",
                message = "write the name of a host, without scheme, port or path")
        @Nullable
        String host,

        @JsonPropertyDescription("Port of the server. Default: 5432 for PostgreSQL, 3306 for MariaDB.")
        @Min(1)
        @Max(MAX_PORT)
        @Nullable
        Integer port,

        @JsonPropertyDescription("Name of the database. Example: shop")
        @Required
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(
                value = "self.matches('^[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?$')",
                message = "write the name of a database: letters, digits, dashes and underscores")
        @Nullable
        String database,

        @JsonPropertyDescription(
                "Secret with username and password of a user who may read what the query reads, and needs nothing"
                        + " else.")
        @Required
        @Nullable
        LocalReference credentialsSecretRef,

        @JsonPropertyDescription(
                "Verify: the connection is encrypted, and certificate and name of the server are checked. Disabled:"
                        + " neither, where nobody can listen. Default: Verify.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['Verify', 'Disabled']", message = "write Verify or Disabled")
        @Nullable
        String tls,

        @JsonPropertyDescription(
                "Key of a ConfigMap with certificates in PEM form to trust instead of the platform's; only with"
                        + " tls: Verify. Default key: ca.crt.")
        @Nullable
        KeyReference caConfigMapRef,

        @JsonPropertyDescription("How many statements the database is asked for.") @Nullable
        RateLimit rateLimit,

        @JsonPropertyDescription(
                "SELECT that gives a row a document, at most 8192 characters; it is read as a table, in a"
                        + " transaction that can't write. Example: SELECT id, name, body, updated_at FROM articles"
                        + " WHERE published")
        @Required
        @Size(min = 1, max = MAX_QUERY)
        @ValidationRule(
                value = "self.matches('^[[:space:]]*(?i:select|with)[[:space:]]')",
                message = "begin the query with SELECT or WITH")
        @ValidationRule(value = "!self.contains(';')", message = "write one query, without a semicolon")
        @Nullable
        String query,

        @JsonPropertyDescription(
                "Column with the document's id, unique and not null; numbers, texts and UUIDs are of use. Default:"
                        + " id.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(value = COLUMN, message = COLUMN_MESSAGE)
        @Nullable
        String keyColumn,

        @JsonPropertyDescription("Column with the text. Default: content.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(value = COLUMN, message = COLUMN_MESSAGE)
        @Nullable
        String contentColumn,

        @JsonPropertyDescription(
                "Column that changes whenever another one does, such as a version or the time of the last update."
                        + " Default: none, the database computes a digest of each row.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(value = COLUMN, message = COLUMN_MESSAGE)
        @Nullable
        String changeColumn,

        @JsonPropertyDescription(
                "Column that marks a row as deleted: true, a number other than 0, any time, or any text but n, no, f, false, off"
                        + " and 0. Default: none, every row is a document.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(value = COLUMN, message = COLUMN_MESSAGE)
        @Nullable
        String deletedColumn,

        @JsonPropertyDescription("Column with the title. Default: none, the content's own or the id.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(value = COLUMN, message = COLUMN_MESSAGE)
        @Nullable
        String titleColumn,

        @JsonPropertyDescription("Column with the URI; where it is NULL, uriTemplate holds. Default: none.")
        @Size(min = 1, max = Rules.MAX_LABEL)
        @ValidationRule(value = COLUMN, message = COLUMN_MESSAGE)
        @Nullable
        String uriColumn,

        @JsonPropertyDescription("Columns to take over as metadata, at most 64. Default: none.")
        @Size(max = CorpusSpec.MAX_METADATA)
        @ValidationRule(value = COLUMNS, message = COLUMN_MESSAGE)
        @Nullable
        List<@Size(min = 1, max = Rules.MAX_LABEL) String> metadataColumns,

        @JsonPropertyDescription("What the content is written in: text, markdown or html. Default: text.")
        @Size(max = Rules.MAX_FIELD)
        @ValidationRule(value = "self in ['text', 'markdown', 'html']", message = "write text, markdown or html")
        @Nullable
        String format)
        implements CorpusSource.Place {
    static final int MAX_HOST = 253;
    static final int MAX_PORT = 65_535;
    static final int MAX_QUERY = 8_192;
    static final String COLUMN = "self.matches('^[A-Za-z_][A-Za-z0-9_]*$')";
    static final String COLUMNS = "self.all(column, column.matches('^[A-Za-z_][A-Za-z0-9_]*$'))";
    static final String COLUMN_MESSAGE =
            "write the name of a column of the query: letters, digits and underscores; name it so with AS";
}
