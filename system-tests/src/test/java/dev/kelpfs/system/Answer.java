package dev.kelpfs.system;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server said. */
record Answer(int status, HttpHeaders headers, byte[] body) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return JSON.readTree(body);
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    @Override
    public String toString() {
        String text = text();
        return status + " " + headers.map() + " " + text.substring(0, Math.min(200, text.length()));
    }
}
