package dev.kelpfs.master.founding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.disk.Disk;
import dev.kelpfs.disk.faulty.Fault;
import dev.kelpfs.disk.faulty.FaultyDisk;
import dev.kelpfs.disk.faulty.Losses;
import dev.kelpfs.disk.memory.MemoryDisk;
import dev.kelpfs.master.founding.FoundingRule.Standing;
import dev.kelpfs.master.founding.FoundingRule.Step;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.testkit.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CandidacyTest {
    private static final Path DIRECTORY = Path.of("/mdir/m9333/kelp");
    private static final ServerAddress A = ServerAddress.parse("10.0.0.1:9333");
    private static final ServerAddress B = ServerAddress.parse("10.0.0.2:9333");
    private static final ServerAddress C = ServerAddress.parse("10.0.0.3:9333");
    /** More than one change of a small file takes. */
    private static final int MOST_CALLS = 20;

    private final RandomGenerator random = Seed.announced("CandidacyTest").random();
    private final Standing founder = standing(A, "a").with(Optional.of(new Endorsement(new Member(A, "a"), new UUID(1, 2))));
    private final Standing gaveUp = standing(A, "a");

    private static Standing standing(ServerAddress self, String incarnation) {
        return new Standing(new Member(self, incarnation), List.of(A, B, C), Optional.empty(), "", 0, true, Optional.empty());
    }

    private Candidacy open(Disk disk) throws IOException {
        disk.createDirectories(DIRECTORY);
        Identity identity = Identity.open(disk, DIRECTORY, random);
        return new Candidacy(disk, DIRECTORY, identity, standing(B, identity.incarnation()), random);
    }

    /** A disk on which B is known already, and the call with this number from now on fails. */
    private FaultyDisk failing(int number, boolean endorsed) throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Candidacy before = open(disk);
        if (endorsed) before.meet(founder);
        return new FaultyDisk(disk, call -> call.number() == number ? new Fault.Fail(new IOException("bad disk"), 7) : Fault.NONE);
    }

    @Test
    void nothingIsSaidBeforeItIsDurable() throws Exception {
        int failures = 0;
        for (int number = 1; number <= MOST_CALLS; number++) {
            FaultyDisk disk = failing(number, false);
            Candidacy candidacy = open(disk);
            boolean failed = false;
            try {
                assertThat(candidacy.meet(founder).endorsement()).isEqualTo(founder.endorsement());
            } catch (IOException badDisk) {
                failed = true;
                failures++;
            }
            assertThat(candidacy.standing().endorsement().isPresent()).as("call %s", number).isEqualTo(!failed);
            if (failed) continue;
            assertThat(open(disk.afterPowerLoss(Losses.random(random))).standing().endorsement()).isEqualTo(founder.endorsement());
        }
        assertThat(failures).as("calls that failed").isBetween(1, MOST_CALLS - 1);
    }

    @Test
    void nothingIsTakenBackBeforeThatIsDurable() throws Exception {
        int failures = 0;
        for (int number = 1; number <= MOST_CALLS; number++) {
            FaultyDisk disk = failing(number, true);
            Candidacy candidacy = open(disk);
            boolean failed = false;
            try {
                assertThat(candidacy.decide(candidacy.standing(), Map.of(A, gaveUp))).isInstanceOf(Step.Drop.class);
            } catch (IOException badDisk) {
                failed = true;
                failures++;
            }
            assertThat(candidacy.standing().endorsement().isPresent()).as("call %s", number).isEqualTo(failed);
            if (failed) continue;
            assertThat(open(disk.afterPowerLoss(Losses.random(random))).standing().endorsement()).isEmpty();
        }
        assertThat(failures).as("calls that failed").isBetween(1, MOST_CALLS - 1);
    }

    @Test
    void whatWasAskedBeforeAPromiseIsNotActedOnAfterIt() throws Exception {
        Candidacy candidacy = open(new MemoryDisk());
        Standing asked = candidacy.standing();
        Map<ServerAddress, Standing> answers = Map.of(C, standing(C, "c"));
        assertThat(candidacy.meet(founder).endorsement()).isEqualTo(founder.endorsement());
        assertThat(candidacy.decide(asked, answers)).isInstanceOf(Step.Wait.class);
        assertThat(candidacy.standing().endorsement()).isEqualTo(founder.endorsement());
    }

    @Test
    void whoBelongsToAClusterPromisesNothingMoreAndKeepsNoPromise() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        Candidacy candidacy = open(disk);
        assertThat(candidacy.decide(candidacy.standing(), Map.of(C, standing(C, "c")))).isEqualTo(new Step.Propose());
        Standing proposing = candidacy.standing();
        Endorsement own = proposing.endorsement().orElseThrow();
        assertThat(own.founder()).isEqualTo(proposing.self());
        assertThat(candidacy.decide(proposing, Map.of(C, standing(C, "c").with(proposing.endorsement())))).isInstanceOf(Step.Found.class);
        assertThat(candidacy.identity().cluster().orElseThrow().group()).isEqualTo(own.group());
        assertThat(candidacy.meet(founder).endorsement()).as("until its cluster is seen, others must not see it given up")
                .isEqualTo(proposing.endorsement());
        assertThat(Endorsement.read(disk, DIRECTORY)).isEmpty();

        // A crash came before the promise was removed.
        own.write(disk, DIRECTORY);
        Candidacy again = open(disk);
        assertThat(again.standing().endorsement()).isEmpty();
        assertThat(again.meet(founder).endorsement()).isEmpty();
        assertThat(Endorsement.read(disk, DIRECTORY)).isEmpty();
    }
}
