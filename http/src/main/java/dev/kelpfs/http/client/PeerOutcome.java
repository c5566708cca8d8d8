package dev.kelpfs.http.client;

import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/** What an exchange whose answer is collected can end in. */
public sealed interface PeerOutcome {
    /**
     * The peer answered, whatever it said.
     *
     * @param body all of it; not to be changed
     */
    record Answered(int status, HttpHeaders headers, byte[] body) implements PeerOutcome {
        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /** It did not; whether it acted on the request is unknown unless it was refused. */
    record Failed(PeerFailure kind, String reason) implements PeerOutcome {}
}
