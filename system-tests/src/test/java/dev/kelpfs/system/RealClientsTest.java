package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.kelpfs.system.RealClient.Trial;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Client programs of other people against a real server. Those that a machine may lack, or that take long, are tried only by
 * {@code system-tests/real-clients}, which also shows the table that this test leaves in {@code target/real-clients.txt}.
 */
@ExtendWith(TestDirectories.class)
class RealClientsTest {
    private static final boolean ALL = "all".equals(System.getProperty("kelp.clients"));
    private static final String ROW = "%-22s %-58s %s%n";
    private static final Path TABLE = Path.of("target", "real-clients.txt");

    private static final List<String> ROWS = new ArrayList<>();
    private static HttpFiles http;
    private static WeedServer server;
    private static ClientSite site;

    @BeforeAll
    static void start(TestDirectory directory) throws Exception {
        http = new HttpFiles();
        server = new WeedServer(directory, http).start();
        site = new ClientSite(directory, server, http);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        http.close();
        Files.writeString(TABLE, String.format(ROW, "client", "does", "") + String.join("", ROWS), StandardCharsets.UTF_8);
    }

    @TestFactory
    Stream<DynamicContainer> everyClientFindsWhatItExpects() {
        return Stream.of(new CurlClient(), new WgetClient(), new JdkHttpClient(), new ApacheHttpClient(), new RequestsClient(),
                new BrowserClient()).map(client -> dynamicContainer(client.name(), tests(client)));
    }

    private static Stream<DynamicNode> tests(RealClient client) {
        Optional<String> why = isTriedElsewhere(client)
                ? Optional.of("tried only by system-tests/real-clients") : client.missing();
        if (why.isPresent()) {
            return Stream.of(dynamicTest("is tried", () -> {
                ROWS.add(String.format(ROW, client.name(), "(nothing)", "skipped: " + why.get()));
                assumeTrue(false, client.name() + " is skipped: " + why.get());
            }));
        }
        return client.trials().stream().map(trial -> dynamicTest(trial.what(), () -> attempt(client, trial)));
    }

    private static boolean isTriedElsewhere(RealClient client) {
        return !ALL && (client instanceof BrowserClient || client instanceof RequestsClient);
    }

    private static void attempt(RealClient client, Trial trial) throws Exception {
        String outcome = "FAILED";
        try {
            trial.attempt().on(site);
            assertThat(server.process().isAlive()).as("the server lives").isTrue();
            outcome = "ok";
        } finally {
            ROWS.add(String.format(ROW, client.version(), trial.what(), outcome));
        }
    }
}
