package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.raft.RaftLog;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.master.state.MasterState;
import dev.kelpfs.wire.kelp.JoinResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom the leader takes in by itself: a master at the address of a member, whose directory was lost, in that member's place;
 * and a master that its own command line names, unless a person took it out. Everybody else needs a person's word. Safe for
 * all threads.
 */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final int MOST_REMEMBERED = 1000;

    private final List<ServerAddress> peers;
    /** Whom somebody wants taken in. */
    private final Set<String> welcome = ConcurrentHashMap.newKeySet();
    /** Whom the log speaks of already. */
    private final Set<String> turnedAway = ConcurrentHashMap.newKeySet();
    /** One change at a time. */
    private final ReentrantLock lock = new ReentrantLock();

    /** @param peers by this master's command line */
    public Admission(List<ServerAddress> peers) {
        this.peers = peers;
    }

    /** Somebody wants the master at this address taken in when it asks. */
    void welcome(ServerAddress address) {
        welcome.add(address.http());
    }

    void noLongerWelcome(ServerAddress address) {
        welcome.remove(address.http());
    }

    /** Waits until the newcomer has caught up and is a member. @return why not; without a reason if it is */
    public JoinResponse admit(RaftLog log, Member newcomer) {
        if (!(log.leadership() instanceof Leadership.Leading)) return notNow("this master does not lead; ask the leader");
        if (!lock.tryLock()) return notNow("another master is being taken in; it is this one's turn after that");
        try {
            List<Member> before = log.members();
            if (before.contains(newcomer)) return JoinResponse.getDefaultInstance();
            List<Member> after = new ArrayList<>(before);
            Optional<Member> predecessor = before.stream().filter(member -> member.address().isSameServer(newcomer.address())).findFirst();
            if (predecessor.isEmpty() && !isInvited(log, newcomer.address())) return notByItself(log, newcomer.address());
            predecessor.ifPresent(after::remove);
            after.add(newcomer);
            LOG.info("Taking {} in{}", newcomer, predecessor.map(old -> " in place of " + old).orElse(""));
            log.membership().change(before, after);
            LOG.info("Members are {}", after);
            if (after.size() % 2 == 0) {
                LOG.warn("{} masters bear the loss of {}, as {} would; add another one",
                        after.size(), after.size() / 2 - 1, after.size() - 1);
            }
            turnedAway.remove(newcomer.address().http());
            return JoinResponse.getDefaultInstance();
        } catch (IOException failed) {
            LOG.warn("{} was not taken in: {}", newcomer, failed.getMessage());
            return notNow("the masters did not take it in: " + failed.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private boolean isInvited(RaftLog log, ServerAddress newcomer) {
        boolean named = peers.stream().anyMatch(newcomer::isSameServer) && !log.read(state -> state.isTakenOut(newcomer));
        return named || welcome.contains(newcomer.http());
    }

    private JoinResponse notByItself(RaftLog log, ServerAddress newcomer) {
        boolean takenOut = log.read(state -> state.isTakenOut(newcomer));
        String reason = newcomer.http()
                + (takenOut ? " was taken out and is no longer a member" : " is no member, nor named in the leader's -peers:")
                + (takenOut ? " of cluster " : " cluster ") + log.read(MasterState::clusterId)
                + " has " + log.members().stream().map(member -> member.address().http()).toList()
                + ", led by " + log.self().address().http()
                + ". To let it in, type cluster.raft.add -id=" + newcomer.http() + " in weed shell; else stop it";
        if (turnedAway.size() < MOST_REMEMBERED && turnedAway.add(newcomer.http())) LOG.warn("A master asks to be taken in: {}", reason);
        return JoinResponse.newBuilder().setRefusal(reason).setNeedsAPerson(true).build();
    }

    private static JoinResponse notNow(String reason) {
        return JoinResponse.newBuilder().setRefusal(reason).build();
    }
}
