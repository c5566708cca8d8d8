package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kelpfs.core.FileId;
import dev.kelpfs.disk.real.RealDisk;
import dev.kelpfs.master.founding.Identity;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.wire.master.AssignRequest;
import dev.kelpfs.wire.master.RaftAddServerRequest;
import dev.kelpfs.wire.master.RaftListClusterServersRequest;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A single master that is restarted as the first of several dies before each of its steps on the disk: afterwards it is the single
 * one or the first of several, and knows what it knew. Files of the consensus library are not among the steps.
 */
@ExtendWith(TestDirectories.class)
class ConversionCrashTest {
    private static final int MOST_STEPS = 60;

    @Test
    void whereverItDiesItIsOneOrTheOther(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory)) {
            masters.start(0, 0, new int[0]);
            String cluster = masters.clusterId(0);
            long highest = key(masters);
            masters.stop(0);

            int singles = 0;
            int firsts = 0;
            boolean died = true;
            for (int step = 1; died; step++) {
                assertThat(step).as("steps of a conversion").isLessThan(MOST_STEPS);
                copy(masters.directoryOf(0, 0), masters.directoryOf(0, step));
                died = diesBefore(step, masters);
                Path state = masters.stateOf(0, step);
                boolean several = Identity.belongs(RealDisk.create(), state);
                if (several) firsts++;
                else singles++;
                // With the list of the others it goes on becoming the first of several; without, it stays what it is.
                boolean named = step % 2 == 0;
                masters.start(0, step, named ? new int[] {0, 1, 2} : new int[0]);
                assertThat(masters.leader()).as("step %s", step).isZero();
                assertThat(masters.clusterId(0)).as("step %s", step).isEqualTo(cluster);
                assertThat(key(masters)).as("step %s", step).isGreaterThan(highest);
                assertThat(Files.exists(state.resolve("log"))).as("the log of a single master after step %s", step)
                        .isEqualTo(!several && !named);
                assertThat(Identity.belongs(RealDisk.create(), state)).as("step %s", step).isEqualTo(several || named);
                masters.stop(0);
            }
            System.out.println("ConversionCrashTest: died leaving " + singles + " single masters and " + firsts + " first of several");
            assertThat(singles).isGreaterThan(3);
            assertThat(firsts).as("the last one came through").isGreaterThan(1);
        }
    }

    @Test
    void whoCannotTellWhichOfTheTwoItIsCommitsNothingMore(TestDirectory directory) throws Exception {
        AtomicInteger renamesToCome = new AtomicInteger(Integer.MAX_VALUE);
        MortalDisk disk = new MortalDisk(RealDisk.create(), Integer.MAX_VALUE) {
            @Override
            public void rename(Path from, Path to) throws IOException {
                super.rename(from, to);
                if (to.endsWith("identity")) renamesToCome.decrementAndGet();
            }

            @Override
            public void syncDirectory(Path path) throws IOException {
                if (renamesToCome.compareAndSet(0, Integer.MAX_VALUE)) throw new IOException("bad disk");
                super.syncDirectory(path);
            }
        };
        try (ThreeMasters masters = new ThreeMasters(directory)) {
            masters.startOn(disk, 0, 0, new int[0]);
            long highest = key(masters);
            masters.start(1, 0, 0, 1);
            RaftAddServerRequest add = RaftAddServerRequest.newBuilder().setId(masters.address(1).http()).build();
            Path log = masters.stateOf(0, 0).resolve("log");
            byte[] before = Files.readAllBytes(log);
            // The first one brings an identity without a cluster, the second is the last step.
            renamesToCome.set(2);
            assertThatThrownBy(() -> masters.grpc(0).raftAddServer(add)).hasMessageContaining("repair the disk and restart it");
            assertThatThrownBy(() -> masters.grpc(0).raftAddServer(add)).isInstanceOf(StatusRuntimeException.class);
            assertThat(Files.readAllBytes(log)).isEqualTo(before);

            masters.stop(0);
            masters.start(0, 0, 0, 1);
            Await.until("both are members", ThreeMasters.LIMIT, () -> masters.grpc(masters.leader())
                    .raftListClusterServers(RaftListClusterServersRequest.getDefaultInstance()).getClusterServersCount() == 2);
            assertThat(key(masters)).isGreaterThan(highest);
            assertThat(log).doesNotExist();
        }
    }

    /** @return false if that step was not reached */
    private static boolean diesBefore(int step, ThreeMasters masters) {
        MortalDisk disk = new MortalDisk(RealDisk.create(), step);
        try {
            masters.startOn(disk, 0, step, 0, 1, 2);
            masters.stop(0);
        } catch (IOException dead) {
            assertThat(disk.isDead()).as("it died as planned: %s", dead).isTrue();
        }
        return disk.isDead();
    }

    /** Of a file id that it gives out. */
    private static long key(ThreeMasters masters) throws Exception {
        try (FakeVolumeServer server = new FakeVolumeServer(masters.rpc, "v1", "dc1", "r1", 20)) {
            masters.connectToLeader(server);
            return Await.value("it assigns", ThreeMasters.LIMIT, () -> {
                try {
                    AssignRequest one = AssignRequest.newBuilder().setCount(1).build();
                    return Optional.of(FileId.parse(masters.grpc(0).assign(one).getFid()).key().bits());
                } catch (StatusRuntimeException notYet) {
                    return Optional.<Long>empty();
                }
            });
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(from)) {
            all = walk.toList();
        }
        for (Path path : all) Files.copy(path, to.resolve(from.relativize(path).toString()));
    }
}
