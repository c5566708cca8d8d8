package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.process.Signal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Orderly ends. */
@ExtendWith(TestDirectories.class)
class RestartTest {
    @Test
    void stoppedByTermUnderLoadItEndsWithZeroAndFindsEverythingAgain(TestDirectory directory) throws Exception {
        Seed seed = Seed.announced("RestartTest");
        Ledger ledger = new Ledger();
        try (HttpFiles http = new HttpFiles(); WeedServer server = new WeedServer(directory, http)) {
            server.start();
            WriteLoad load = new WriteLoad(http, server.master(), ledger);
            load.start(8, seed);
            Await.until("some changes are acknowledged", Duration.ofSeconds(60),
                    () -> load.acknowledged() >= 200 || !load.errors().isEmpty());
            load.expectTrouble();
            assertThat(server.process().stop(WeedServer.STOP_LIMIT)).as("exit code").isZero();
            load.awaitEnd();
            assertThat(load.errors()).isEmpty();
            server.start();
            LedgerCheck.run(http, ledger);
        }
    }

    @Test
    void aPausedServerGoesOnWhereItStood(TestDirectory directory) throws Exception {
        try (HttpFiles http = new HttpFiles(); WeedServer server = new WeedServer(directory, http).start()) {
            HttpFiles.Place place = http.assign(server.master());
            byte[] content = new Seed(1).bytes(5000);
            assertThat(http.post(place.url() + "/" + place.id(), "application/octet-stream", content).status()).isEqualTo(201);
            server.process().signal(Signal.STOP);
            server.process().signal(Signal.CONT);
            assertThat(http.get(place.url() + "/" + place.id()).body()).isEqualTo(content);
            assertThat(http.assign(server.master()).id()).isNotEqualTo(place.id());
        }
    }
}
