package dev.kelpfs.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kelpfs.testkit.Await;
import dev.kelpfs.testkit.TestDirectories;
import dev.kelpfs.testkit.TestDirectory;
import dev.kelpfs.testkit.net.PortPair;
import dev.kelpfs.wire.master.AssignRequest;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of a server that a client could not write to. */
@ExtendWith(TestDirectories.class)
class FailedWriteTest {
    @Test
    void oneThatRefusesConnectionsIsOutThoughItsStreamIsOpenAndComesBackByANewOne() throws Exception {
        try (MasterHarness harness = new MasterHarness(); PortPair nobody = PortPair.reserve()) {
            FakeVolumeServer gone = harness.connected("gone", "r1", 100);
            harness.grpc().assign(AssignRequest.getDefaultInstance());
            harness.connected("other", "r1", 100);
            gone.isCalledAt(nobody.grpc());
            gone.join(harness.address());
            gone.ends.clear();

            harness.reportFailedWrite(gone.url());
            Status end = gone.ends.poll(60, TimeUnit.SECONDS);
            assertThat(end).as("its stream was ended").isNotNull();
            assertThat(end.getDescription()).contains("refuses connections");
            Await.until("its volumes are given to nobody", Await.LONGEST,
                    () -> harness.get("/dir/lookup?volumeId=1").statusCode() == 503);
            assertThat(harness.get("/dir/lookup?volumeId=1").body()).as("nothing is forgotten").contains("is on gone");
            gone.join(harness.address());
            assertThat(harness.get("/dir/lookup?volumeId=1").body()).contains(gone.url());
        }
    }

    @Test
    void whoAnswersOrIsSilentStays() throws Exception {
        try (MasterHarness harness = new MasterHarness()) {
            FakeVolumeServer well = harness.connected("well", "r1", 100);
            FakeVolumeServer hangs = harness.connected("hangs", "r1", 100);
            hangs.leavesPings = true;
            hangs.ends.clear();
            harness.reportFailedWrite("10.0.0.9:8080");
            harness.reportFailedWrite("nonsense");
            Await.until("both are asked, the silent one again and again", Await.LONGEST, () -> {
                harness.reportFailedWrite(well.url());
                harness.reportFailedWrite(hangs.url());
                return well.pings.get() > 1 && hangs.pings.get() > 2;
            });
            assertThat(harness.get("/dir/status").body()).contains(well.url(), hangs.url());
            assertThat(hangs.ends).as("its stream stays open").isEmpty();
        }
    }

    @Test
    void aMasterThatDoesNotLeadPassesAReportOn(TestDirectory directory) throws Exception {
        try (ThreeMasters masters = new ThreeMasters(directory);
                FakeVolumeServer server = new FakeVolumeServer(masters.rpc, "v1", "dc1", "r1", 20)) {
            for (int i = 0; i < 3; i++) masters.start(i, 0);
            int leader = masters.connectToLeader(server);
            int before = server.pings.get();
            Await.until("a report at a follower has the leader ask the server", Await.LONGEST, () -> {
                masters.reportFailedWrite((masters.leader() + 1) % 3, server.url(), false);
                return server.pings.get() > before;
            });
            int again = server.pings.get();
            Await.until("the leader acts on what was passed on", Await.LONGEST, () -> {
                masters.reportFailedWrite(masters.leader(), server.url(), true);
                return server.pings.get() > again;
            });
            assertThat(masters.get(leader, "/dir/status").body()).as("an answer changes nothing").contains(server.url());
        }
    }
}
