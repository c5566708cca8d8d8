package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.volume.VolumeStatusRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestDirectories.class)
class SecurityTest {
    private static final String FILE = "/3,01637037d6";
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

    @Test
    void keysAskForTokens(TestDirectory directory) throws Exception {
        Security keys = new Security("write", "read", List.of(), false);
        try (RunningServer server = RunningServer.start(directory.path(), config -> config.withSecurity(keys))) {
            server.allocate(3);
            String write = Tokens.signed("write", "3,01637037d6");
            String read = Tokens.signed("read", "3,01637037d6");

            HttpResponse<byte[]> refused = server.put(FILE, HELLO);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(text(refused)).isEqualTo("{\"error\":\"wrong jwt\"}");
            assertThat(server.put(FILE, HELLO, "Authorization", "Bearer " + read).statusCode()).isEqualTo(401);
            assertThat(server.put(FILE, HELLO, "Authorization", "BEARER " + write).statusCode()).isEqualTo(201);
            assertThat(server.get(FILE).statusCode()).isEqualTo(401);
            assertThat(server.get("/nonsense").statusCode()).isEqualTo(401);
            assertThat(server.get(FILE + "?jwt=" + read).body()).isEqualTo(HELLO);
            assertThat(server.get("/3/01637037d6/name", "Cookie", "a=b; AT=" + read).body()).isEqualTo(HELLO);
            assertThat(server.get(FILE + "?jwt=bad", "Authorization", "Bearer " + read).statusCode())
                    .as("the first one counts").isEqualTo(401);
            assertThat(server.delete(FILE).statusCode()).isEqualTo(401);
            assertThat(server.get("/ui/index.html").statusCode()).as("no page where writes need a token").isEqualTo(401);
            assertThat(server.delete(FILE, "Authorization", "Bearer " + write).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void theWhiteListGuardsWritesAndAdministration(TestDirectory directory) throws Exception {
        Security elsewhere = new Security("", "", List.of("10.1.2.3"), false);
        try (RunningServer server = RunningServer.start(directory.path(), config -> config.withSecurity(elsewhere))) {
            HttpResponse<byte[]> refused = server.put(FILE, HELLO);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.body()).isEmpty();
            assertThat(server.delete(FILE).statusCode()).isEqualTo(401);
            assertThat(server.get(FILE).statusCode()).isEqualTo(404);
            assertThatThrownBy(() -> server.allocate(3)).hasMessageContaining("white list");
            assertThatThrownBy(() -> server.admin().volumeStatus(VolumeStatusRequest.getDefaultInstance()))
                    .hasMessageContaining("not found");
        }
        Security here = new Security("", "", List.of("127.0.0.0/8"), false);
        try (RunningServer server = RunningServer.start(directory.path(), config -> config.withSecurity(here))) {
            server.allocate(3);
            assertThat(server.put(FILE, HELLO).statusCode()).isEqualTo(201);
        }
        Security wrong = new Security("", "", List.of("example.org"), false);
        assertThatThrownBy(() -> RunningServer.start(directory.path(), config -> config.withSecurity(wrong)))
                .hasMessageContaining("example.org");
    }
}
