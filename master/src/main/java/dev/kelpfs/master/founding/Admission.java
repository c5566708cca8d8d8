package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.raft.RaftLog;
import dev.kelpfs.master.state.Leadership;
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
 * and a master that its own command line names. Everybody else needs a person's word. Safe for all threads.
 */
public final class Admission {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    private final List<ServerAddress> peers;
    /** Whom somebody wants taken in. */
    private final Set<String> welcome = ConcurrentHashMap.newKeySet();
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

    /** Waits until the newcomer has caught up and is a member. @return why not; empty if it is */
    public String admit(RaftLog log, Member newcomer) {
        if (!(log.leadership() instanceof Leadership.Leading)) return "this master does not lead; ask the leader";
        if (!lock.tryLock()) return "another master is being taken in; it is this one's turn after that";
        try {
            List<Member> before = log.members();
            if (before.contains(newcomer)) return "";
            List<Member> after = new ArrayList<>(before);
            Optional<Member> predecessor = before.stream().filter(member -> member.address().isSameServer(newcomer.address())).findFirst();
            boolean named = peers.stream().anyMatch(newcomer.address()::isSameServer) || welcome.contains(newcomer.address().http());
            if (predecessor.isEmpty() && !named) {
                List<String> members = before.stream().map(member -> member.address().http()).toList();
                return newcomer.address().http() + " is no member of this cluster (" + members
                        + "), nor named in the leader's -peers; restart the leader with " + newcomer.address().http() + " in its -peers";
            }
            predecessor.ifPresent(after::remove);
            after.add(newcomer);
            LOG.info("Taking {} in{}", newcomer, predecessor.map(old -> " in place of " + old).orElse(""));
            log.membership().change(before, after);
            LOG.info("Members are {}", after);
            return "";
        } catch (IOException failed) {
            LOG.warn("{} was not taken in: {}", newcomer, failed.getMessage());
            return "the masters did not take it in: " + failed.getMessage();
        } finally {
            lock.unlock();
        }
    }
}
