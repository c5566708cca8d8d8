package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client asks for and cannot be kept is refused, not left out. */
@ExtendWith(TestDirectories.class)
class UploadRefusalTest {
    private static final String FILE = "/3,01637037d6";

    private RunningServer server;

    @BeforeEach
    void start(TestDirectory directory) throws IOException {
        server = RunningServer.start(directory.path());
        server.allocate(3);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"5q", "3600s", "d", "-1d", "soon"})
    void aTimeToLiveThatCannotBeRead(String ttl) throws Exception {
        HttpResponse<byte[]> refused = server.put(FILE + "?ttl=" + ttl, new byte[10]);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).contains("ttl").contains(ttl).contains("nothing was stored");
        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
        assertThat(server.put(FILE + "?type=replicate&ttl=" + ttl, new byte[10]).statusCode()).as("a copy").isEqualTo(201);
    }

    @Test
    void pairsThatAreTooLong() throws Exception {
        String fits = "<".repeat(10_900);
        assertThat(server.put(FILE, new byte[10], "Seaweed-Note", fits).statusCode()).isEqualTo(201);
        assertThat(header(server.get(FILE), "Note")).isEqualTo(fits);

        HttpResponse<byte[]> refused = server.put("/3,02637037d6", new byte[10], "Seaweed-Note", "<".repeat(11_000));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).contains("Seaweed- headers").contains("nothing was stored");
        assertThat(server.get("/3,02637037d6").statusCode()).isEqualTo(404);
        assertThat(server.put("/3,02637037d6?type=replicate", new byte[10], "Seaweed-Note", "<".repeat(11_000)).statusCode())
                .as("a copy").isEqualTo(201);
    }
}
