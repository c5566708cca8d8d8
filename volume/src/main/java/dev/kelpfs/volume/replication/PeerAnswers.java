package dev.kelpfs.volume.replication;

import dev.kelpfs.http.client.PeerOutcome;
import dev.kelpfs.storage.needle.NeedleChecksum;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Reads what a peer says to a change. Pure. */
final class PeerAnswers {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_SHOWN = 300;

    private PeerAnswers() {}

    /**
     * Whether a write was done.
     *
     * @return why not; empty if it was
     */
    static String whyNotWritten(PeerOutcome.Answered answer, int checksum) {
        String tag = answer.headers().get("ETag");
        if (isSuccess(answer) && tag != null) {
            String expected = '"' + NeedleChecksum.etag(checksum) + '"';
            return tag.equals(expected) ? "" : "stored other data: it has the tag " + tag + ", expected " + expected;
        }
        if (answer.status() == 204) return "";
        JsonNode json = json(answer);
        // As the reference does, go by the body: one without an error is a success whatever the status.
        if (json == null || json.has("error") || answer.status() >= 400) return refusal(answer, json);
        return "";
    }

    /** Whether nothing is left there after a delete; why not, empty if so. */
    static String whyNotDeleted(PeerOutcome.Answered answer) {
        return switch (answer.status()) {
            case 200, 202, 204, 404 -> "";
            default -> refusal(answer, json(answer));
        };
    }

    /** Body size of the record that a peer deleted. */
    static long deletedBytes(PeerOutcome.Answered answer) {
        JsonNode json = answer.status() == 202 ? json(answer) : null;
        return json == null || !json.path("size").isNumber() ? 0 : json.path("size").asLong();
    }

    private static boolean isSuccess(PeerOutcome.Answered answer) {
        return answer.status() >= 200 && answer.status() < 300;
    }

    private static String refusal(PeerOutcome.Answered answer, @Nullable JsonNode json) {
        String said = json != null && json.has("error") ? json.path("error").asString("") : answer.text().strip();
        String shown = said.length() > MOST_SHOWN ? said.substring(0, MOST_SHOWN) + "..." : said;
        return "answered " + answer.status() + (shown.isEmpty() ? "" : ": " + shown);
    }

    private static @Nullable JsonNode json(PeerOutcome.Answered answer) {
        try {
            JsonNode json = JSON.readTree(answer.body());
            return json.isObject() ? json : null;
        } catch (JacksonException noJson) {
            return null;
        }
    }
}
