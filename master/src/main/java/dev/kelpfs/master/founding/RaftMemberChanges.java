package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.core.Ticker;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.raft.RaftLog;
import dev.kelpfs.master.state.Commands;
import dev.kelpfs.master.state.Commit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Changes of a cluster that keeps its log by consensus. */
public final class RaftMemberChanges implements MemberChanges {
    private static final Duration FOR_NEWCOMER = Duration.ofSeconds(20);
    private static final Duration FOR_TRANSFER = Duration.ofSeconds(3);
    private static final long PAUSE_MILLIS = 50;

    private final Supplier<RaftLog> log;
    private final Admission admission;
    private final ServerAddress self;
    private final Ticker ticker;

    /** @param log throws if this master belongs to no cluster yet */
    public RaftMemberChanges(Supplier<RaftLog> log, Admission admission, ServerAddress self, Ticker ticker) {
        this.log = log;
        this.admission = admission;
        this.self = self;
        this.ticker = ticker;
    }

    @Override
    public void add(ServerAddress address) throws IOException, InterruptedException {
        Commit.now(log.get(), Commands.masterLetIn(address), address.http() + " was not let in");
        long start = ticker.nanos();
        admission.welcome(address);
        try {
            while (find(address).isEmpty()) {
                if (ticker.since(start).compareTo(FOR_NEWCOMER) > 0) {
                    throw new IOException(address.http() + " did not join within " + FOR_NEWCOMER.toSeconds() + " s; start it with -peers="
                            + self.http() + " and an empty directory, then add it again");
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
        } finally {
            admission.noLongerWelcome(address);
        }
    }

    @Override
    public void remove(ServerAddress address) throws IOException {
        List<Member> before = log.get().members();
        List<Member> gone = find(address);
        if (gone.isEmpty()) throw new IOException(address.http() + " is no member; members are " + addresses(before));
        if (before.size() == 1) throw new IOException(address.http() + " is the only member; a cluster without masters forgets everything");
        // First, so that it does not come back by itself between the two: a member that is noted here remains one.
        Commit.now(log.get(), Commands.masterTakenOut(gone.getFirst().address()), address.http() + " was not taken out");
        List<Member> after = new ArrayList<>(before);
        after.removeAll(gone);
        log.get().membership().change(before, after);
    }

    @Override
    public ServerAddress transferTo(ServerAddress address) throws IOException {
        List<Member> next = find(address);
        if (next.isEmpty()) {
            throw new IOException(address.http() + " is no member; members are " + addresses(log.get().members()));
        }
        if (address.isSameServer(self)) return self;
        log.get().membership().transferTo(next.getFirst(), FOR_TRANSFER);
        return next.getFirst().address();
    }

    @Override
    public ServerAddress transfer() throws IOException {
        List<Member> others = log.get().others();
        if (others.isEmpty()) throw new IOException("no other member answers, so none can lead");
        return transferTo(others.getFirst().address());
    }

    private List<Member> find(ServerAddress address) {
        return log.get().members().stream().filter(member -> member.address().isSameServer(address)).toList();
    }

    private static List<String> addresses(List<Member> members) {
        return members.stream().map(member -> member.address().http()).toList();
    }
}
