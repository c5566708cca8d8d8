package dev.kelpfs.volume;

import static dev.kelpfs.volume.RunningServer.header;
import static dev.kelpfs.volume.RunningServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to do harm: a clear answer, and what was stored before is still there. */
@ExtendWith(TestDirectories.class)
class HostileInputTest {
    private static final String KEPT = "/3,01637037d6";
    private static final String FILE = "/3,02637037d6";
    private static final byte[] CONTENT = Seed.announced("kept").bytes(100_000);
    private static final String FORM = "multipart/form-data; boundary=xyz";

    private RunningServer server;

    @BeforeEach
    void start(TestDirectory directory) throws Exception {
        server = RunningServer.start(directory.path());
        server.allocate(3);
        server.put(KEPT, CONTENT);
    }

    @AfterEach
    void nothingIsLost() throws Exception {
        try {
            assertThat(server.get(KEPT).body()).isEqualTo(CONTENT);
        } finally {
            server.close();
        }
    }

    @Test
    void aGzipBombIsNotInflatedToItsEnd() throws Exception {
        // One member holds 64 MiB; 70 of them are more than 4 GiB in 4.5 MB.
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(member)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) out.write(zeros);
        }
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        for (int i = 0; i < 70; i++) bomb.writeBytes(member.toByteArray());

        HttpResponse<byte[]> refused = server.put(FILE, bomb.toByteArray(), "Content-Encoding", "gzip");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).contains("inflates to more than 4294967296 bytes");
        assertThat(server.get(FILE).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsNoGzipIsKeptAsItCame() throws Exception {
        byte[] lie = "not gzip".getBytes(StandardCharsets.US_ASCII);
        assertThat(text(server.put(FILE, lie, "Content-Encoding", "gzip"))).contains("\"size\":8");
        assertThat(server.get(FILE).body()).isEqualTo(lie);
        byte[] broken = {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3};
        assertThat(server.put("/3,03637037d6", broken, "Content-Encoding", "gzip").statusCode()).isEqualTo(201);
        assertThat(server.get("/3,03637037d6").statusCode()).as("cannot be inflated").isEqualTo(500);
        assertThat(server.get("/3,03637037d6", "Accept-Encoding", "gzip").body()).isEqualTo(broken);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void thousandsOfRangesAreRefused(int bytes) throws Exception {
        server.put(FILE, new byte[bytes]);

        HttpResponse<byte[]> refused = server.get(FILE, "Range", "bytes=" + "0-0,".repeat(10_000));
        assertThat(refused.statusCode()).isEqualTo(416);
        assertThat(text(refused)).isEqualTo("invalid range\n");
    }

    @Test
    void aHundredThousandFormFieldsCostNoMemory() throws Exception {
        byte[] fields = "name=value&".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(server.send("POST", FILE, fields, "Content-Type", "application/x-www-form-urlencoded").statusCode()).isEqualTo(201);
        assertThat(server.get(FILE).body()).as("nobody looks for fields").isEqualTo(fields);
        String part = "--xyz\r\nContent-Disposition: form-data; name=\"n\"\r\n\r\nv\r\n";
        HttpResponse<byte[]> parts = server.send("POST", FILE, (part.repeat(100_000) + "--xyz--\r\n")
                .getBytes(StandardCharsets.US_ASCII), "Content-Type", FORM);
        assertThat(parts.statusCode()).isEqualTo(400);
        assertThat(text(parts)).contains("more than 1000 parts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {
        "filename=\"..\"                       | inline; filename=..",
        "filename=\"../../etc/passwd\"         | inline; filename=passwd",
        "filename=\"a\\\"b.txt\"               | inline; filename=\"a\\\"b.txt\"",
        "filename*=utf-8''a%0d%0aX-Evil%3A%20y | inline; filename*=utf-8''a%0D%0AX-Evil%3A%20y",
        "filename*=utf-8''a%00b                | inline; filename*=utf-8''a%00b",
        "filename=\"/\"                        | none",
        "filename=\"\"                         | none",
    })
    void namesCannotLeaveTheirHeader(String parameter, String disposition) throws Exception {
        HttpResponse<byte[]> stored = server.postForm(FILE, "Content-Disposition: form-data; name=\"f\"; " + parameter, CONTENT);

        assertThat(stored.statusCode()).as(text(stored)).isEqualTo(201);
        HttpResponse<byte[]> read = server.get(FILE);
        assertThat(read.body()).isEqualTo(CONTENT);
        assertThat(header(read, "Content-Disposition")).isEqualTo(disposition == null ? "" : disposition);
        assertThat(read.headers().firstValue("X-Evil")).isEmpty();
    }

    @Test
    void namesHaveALength() throws Exception {
        String name = "n".repeat(1 << 20);
        HttpResponse<byte[]> part = server.postForm(FILE, "Content-Disposition: form-data; filename=\"" + name + "\"", CONTENT);
        assertThat(part.statusCode()).isEqualTo(400);
        assertThat(text(part)).contains("headers of a part are longer");
        assertThat(server.raw("PUT " + FILE + " HTTP/1.1\r\nHost: x\r\nContent-Disposition: inline; filename=" + name
                + "\r\nContent-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 431 ");
        assertThat(server.raw("PUT /3," + name + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 414 ");
        String tooLong = "n".repeat(256);
        server.postForm(FILE, "Content-Disposition: form-data; filename=\"" + tooLong + "\"", CONTENT);
        assertThat(server.get(FILE).headers().firstValue("Content-Disposition")).as("not stored").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/3,00", "/3,%00%00%00%00%00%00%00%00%00", "/3,01637037d6%00", "/%2e%2e%2f3,01637037d6x", "/3,-1637037d6", "/3,+1637037d6",
        "/3, 1637037d6", "/3,0x637037d6", "/-3,01637037d6", "/99999999999999999999,01637037d6", "/3,01637037d6_x",
        "/3,ffffffffffffffff637037d6_1", "/a.b,c", "/3/01637037d6/a/b", "/,", "/3,"
    })
    void idsThatAreNoneAreTheClientsFault(String path) throws Exception {
        for (String method : new String[] {"GET", "HEAD", "PUT"}) {
            String answer = server.raw(method + " " + path.replace(" ", "%20")
                    + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(method + " " + path).matches("(?s)HTTP/1.1 (400|307) .*");
        }
    }
}
