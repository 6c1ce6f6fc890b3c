package dev.concordance.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pages of websites: those of sitemaps, declared ones, and what these link to. */
@ValidationRule(
        value = "has(self.urls) && size(self.urls) > 0 || has(self.sitemaps) && size(self.sitemaps) > 0",
        message = "declare where to begin: at least one of urls and sitemaps")
@ValidationRule(
        value = WebSource.NO_CREDENTIALS_IN_URLS,
        message = "take the credentials out of the URLs: everyone who may read this object sees them; put them into a"
                + " Secret and name it in credentialsSecretRef")
@ValidationRule(
        value = WebSource.HTTPS,
        message = "caConfigMapRef is only of use with an https URL: write one, or take it out",
        fieldPath = ".caConfigMapRef")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WebSource(
        @JsonPropertyDescription(
                "Pages to begin with, http or https URLs without credentials, at most 16. Links are followed from them"
                        + " up to maxDepth. Example: [https://docs.example.com/]")
        @Size(max = MAX_URLS)
        @ValidationRule(value = URLS, message = URLS_MESSAGE)
        @Nullable
        List<@Size(min = 1, max = MAX_URL) String> urls,

        @JsonPropertyDescription(
                "Sitemaps, or indexes of them, whose pages to begin with, also compressed by gzip; at most 16. Example:"
                        + " [https://docs.example.com/sitemap.xml]")
        @Size(max = MAX_SITEMAPS)
        @ValidationRule(value = URLS, message = URLS_MESSAGE)
        @Nullable
        List<@Size(min = 1, max = MAX_URL) String> sitemaps,

        @JsonPropertyDescription(
                "Hosts that pages may be on beside those of urls and sitemaps, with a port where it isn't the scheme's"
                        + " own; at most 64. Links and redirects to any other host are not followed. Example:"
                        + " [blog.example.com, \"wiki.example.com:8443\"]")
        @Size(max = MAX_HOSTS)
        @ValidationRule(
                value = "self.all(host, host.matches('^[a-z0-9]([-_.a-z0-9]*[a-z0-9])?(:[1-9][0-9]{0,4})?$'))",
                message = "write the names of hosts in lower case, without scheme or path, such as blog.example.com")
        @Nullable
        List<@Size(min = 1, max = Rules.MAX_NAME) String> hosts,

        @JsonPropertyDescription(
                "How many links may lead from one of the pages to begin with to a document, at most 100; 0: links are"
                        + " not followed. Default: 10 where there are urls, 0 with sitemaps alone.")
        @Min(0)
        @Max(MAX_DEPTH)
        @Nullable
        Integer maxDepth,

        @JsonPropertyDescription(
                "How many addresses may be asked for, at most 100000. If there are more, nothing of the source is"
                        + " deleted, and the run fails. Default: 1000.")
        @Min(1)
        @Max(MAX_PAGES)
        @Nullable
        Integer maxPages,

        @JsonPropertyDescription(
                "Pause between two requests to a host, at least 10ms and at most 60s; a Crawl-delay of its robots.txt"
                        + " wins if it is longer, up to 10s. Default: 250ms.")
        @Size(max = Rules.MAX_LABEL)
        @ValidationRule(
                value = "self.matches('^([1-9][0-9]{1,3}ms|[1-9]s|[1-5][0-9]s|60s)$')",
                message = "write a pause from 10ms to 60s, such as 250ms or 2s")
        @Nullable
        String delay,

        @JsonPropertyDescription(
                "What the User-Agent of requests says after the name concordance, such as where to complain. Default:"
                        + " nothing. Example: (+https://search.example.com/robot)")
        @Size(min = 1, max = Rules.MAX_FIELD)
        @ValidationRule(
                value = "self.matches('^[!-~]([ -~]*[!-~])?$')",
                message = "write printable ASCII characters, without a space at either end")
        @Nullable
        String userAgentSuffix,

        @JsonPropertyDescription(
                "Secret with username and password, or token. They are sent to the schemes, hosts and ports of urls"
                        + " and sitemaps, and nowhere else. Default: none, the site is public.")
        @Nullable
        LocalReference credentialsSecretRef,

        @JsonPropertyDescription(
                "Key of a ConfigMap with certificates in PEM form to trust instead of the platform's; only with an"
                        + " https URL. Default key: ca.crt.")
        @Nullable
        KeyReference caConfigMapRef)
        implements CorpusSource.Place {
    static final int MAX_URLS = 16;
    static final int MAX_HOSTS = 64;
    static final int MAX_SITEMAPS = 16;
    static final int MAX_URL = 1024;
    static final int MAX_DEPTH = 100;
    static final int MAX_PAGES = 100_000;
    static final String URLS = "self.all(url, url.matches('^https?://[^/?#[:space:]]+([/?][^#[:space:]]*)?$'))";
    static final String URLS_MESSAGE = "write http or https URLs without a fragment, such as https://docs.example.com/";

    /** On the object that has the URLs, so that the refusal does not repeat the credentials. */
    static final String NO_CREDENTIALS_IN_URLS = "(!has(self.urls) || !self.urls.exists(url,"
            + " url.matches('^https?://[^/?#]*@'))) && (!has(self.sitemaps) || !self.sitemaps.exists(url,"
            + " url.matches('^https?://[^/?#]*@')))";

    static final String HTTPS = "!has(self.caConfigMapRef) || has(self.urls) && self.urls.exists(url,"
            + " url.startsWith('https://')) || has(self.sitemaps) && self.sitemaps.exists(url,"
            + " url.startsWith('https://'))";
}
