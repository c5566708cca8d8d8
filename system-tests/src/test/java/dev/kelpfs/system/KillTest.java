package dev.kelpfs.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.Seed;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What was acknowledged outlives the process: whole, and deleted files stay deleted. More rounds than the normal three:
 * {@code -Dkelp.killRounds=50}.
 */
@ExtendWith(TestDirectories.class)
class KillTest {
    private static final int ROUNDS = Integer.getInteger("kelp.killRounds", 3);
    private static final int CLIENTS = 24;

    @Test
    void killedInTheMiddleOfWritesNothingAcknowledgedIsLostAndNothingDeletedReturns(TestDirectory directory)
            throws Exception {
        Seed seed = Seed.announced("KillTest");
        SplittableRandom random = seed.random();
        Ledger ledger = new Ledger();
        try (HttpFiles http = new HttpFiles(); WeedServer server = new WeedServer(directory, http)) {
            for (int round = 0; round < ROUNDS; round++) {
                server.start();
                LedgerCheck.run(http, ledger);
                WriteLoad load = new WriteLoad(http, server.master(), ledger);
                load.start(CLIENTS, seed.derive(round));
                int changes = random.nextInt(300, 2_000);
                Await.until(changes + " changes are acknowledged", Duration.ofSeconds(60),
                        () -> load.acknowledged() >= changes || !load.errors().isEmpty());
                load.expectTrouble();
                server.process().kill();
                load.awaitEnd();
                assertThat(load.errors()).isEmpty();
            }
            server.start();
            LedgerCheck.run(http, ledger);
            assertThat(ledger.entries().stream().filter(Ledger.Entry::isStored)).hasSizeGreaterThan(100);
        }
    }
}
