package dev.concordance.localcluster.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElasticsearchProcessIT {
    private static final String MAPPING = """
            {"settings": {"number_of_replicas": 0},
             "mappings": {"properties": {
               "text": {"type": "text", "analyzer": "english"},
               "vector": {"type": "dense_vector", "dims": 3, "similarity": "cosine"}}}}
            """;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void answersBothLegsOfASearchInOneRequest(@TempDir Path home) throws Exception {
        try (var node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(home))) {
            send(node.url(), "PUT", "/a", MAPPING);
            send(node.url(), "PUT", "/a/_doc/1?refresh=true", "{\"text\":\"Indexes are kept\",\"vector\":[1,0,0]}");
            var answer = send(node.url(), "POST", "/_msearch", """
                    {"index":"a"}
                    {"query":{"match":{"text":"keeping indexes"}}}
                    {"index":"a"}
                    {"knn":{"field":"vector","query_vector":[1,0.1,0],"k":1,"num_candidates":10}}
                    """);
            assertThat(answer.split("\"_id\":\"1\"", -1)).hasSize(3);
        }
    }

    @Test
    void keepsItsDataOverARestart(@TempDir Path home) throws Exception {
        try (var node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(home))) {
            send(node.url(), "PUT", "/a", MAPPING);
            send(node.url(), "PUT", "/a/_doc/1", "{\"text\":\"kept\"}");
            node.kill();
        }
        try (var node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(home))) {
            send(node.url(), "GET", "/_cluster/health/a?wait_for_status=green&timeout=20s", "");
            assertThat(send(node.url(), "GET", "/a/_doc/1", "")).contains("kept");
        }
    }

    @Test
    void refusesAWriteWithAnOlderExternalVersion(@TempDir Path home) throws Exception {
        try (var node = ElasticsearchProcess.start(ElasticsearchProcess.Options.forTest(home))) {
            send(node.url(), "PUT", "/a", MAPPING);
            assertThat(status(node.url(), "PUT", "/a/_doc/1?version=7&version_type=external_gte", "{\"text\":\"a\"}"))
                    .isEqualTo(201);
            assertThat(status(node.url(), "PUT", "/a/_doc/1?version=6&version_type=external_gte", "{\"text\":\"b\"}"))
                    .isEqualTo(409);
            assertThat(status(node.url(), "PUT", "/a/_doc/1?version=7&version_type=external_gte", "{\"text\":\"c\"}"))
                    .isEqualTo(200);
        }
    }

    private String send(URI url, String method, String path, String body) throws IOException, InterruptedException {
        var response = exchange(url, method, path, body);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return response.body();
    }

    private int status(URI url, String method, String path, String body) throws IOException, InterruptedException {
        return exchange(url, method, path, body).statusCode();
    }

    private HttpResponse<String> exchange(URI url, String method, String path, String body)
            throws IOException, InterruptedException {
        var publisher =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        var request = HttpRequest.newBuilder(url.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, publisher)
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
