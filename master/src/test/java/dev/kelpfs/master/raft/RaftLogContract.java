package dev.kelpfs.master.raft;

import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.master.state.StateLogContract;
import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract of the log that a number of masters keep together. */
@ExtendWith(TestDirectories.class)
abstract class RaftLogContract extends StateLogContract {
    private static final UUID GROUP = new UUID(7, 7);
    /** Of the first master, which is to lead soon. */
    private static final RaftSettings.ElectionTimeout QUICK = RaftSettings.ElectionTimeout.from(Duration.ofMillis(300));
    /** Of the others. No leader is replaced because this machine is slow: what a log does then is not the contract's business. */
    private static final RaftSettings.ElectionTimeout PATIENT = RaftSettings.ElectionTimeout.from(Duration.ofSeconds(1));

    private final int size;
    private final List<RaftNode> nodes = new ArrayList<>();
    private RaftNode leader;
    private Path directory;

    RaftLogContract(int size) {
        this.size = size;
    }

    @BeforeEach
    void makeNodes(TestDirectory parent) throws IOException {
        directory = parent.resolve("masters");
        for (int i = 0; i < size; i++) nodes.add(new RaftNode(directory.resolve(Integer.toString(i)), "a"));
    }

    @AfterEach
    void closeNodes() throws IOException {
        atOnce(RaftNode::close);
    }

    private interface Closing {
        void close(RaftNode node) throws IOException;
    }

    /** Each takes a second. */
    private void atOnce(Closing closing) throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (RaftNode node : nodes) {
                all.add(threads.submit(() -> {
                    closing.close(node);
                    return node;
                }));
            }
            for (Future<?> each : all) each.get();
        } catch (ExecutionException failed) {
            throw new IOException("a master could not be closed", failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while masters were closed", interrupted);
        }
    }

    @Override
    protected StateLog open() throws Exception {
        List<Member> members = nodes.stream().map(node -> node.member).toList();
        for (RaftNode node : nodes) {
            node.forgetClosed();
            if (node.log == null) node.open(GROUP, members, node == nodes.getFirst() ? QUICK : PATIENT);
        }
        leader = Await.value("one of " + size + " masters leads", LIMIT,
                () -> nodes.stream().filter(RaftNode::leads).findFirst().map(Optional::of).orElse(Optional.empty()));
        RaftLog log = leader.log;
        if (log == null) throw new IllegalStateException("a master without a log leads");
        return log;
    }

    @Override
    protected void closeAll() throws IOException {
        atOnce(RaftNode::closeLog);
    }

    @Override
    protected int commandsBetweenSnapshots() {
        return 5000;
    }

    @Override
    protected int snapshots() throws IOException {
        try (Stream<Path> files = Files.walk(directoryOfLeader())) {
            return (int) files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("snapshot.") && !name.endsWith(".md5")).count();
        }
    }

    private Path directoryOfLeader() {
        return directory.resolve(Integer.toString(nodes.indexOf(leader)));
    }

    /** The library goes on writing to the file that it has open, and fails when it has to begin the next one. */
    @Override
    protected void breakDisk() throws IOException {
        Files.move(directoryOfLeader(), directory.resolve("away"));
    }

    @Override
    protected void mendDisk() throws IOException {
        Files.move(directory.resolve("away"), directoryOfLeader());
    }
}
