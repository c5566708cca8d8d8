package dev.kelpfs.master;

import dev.kelpfs.core.ServerAddress;
import dev.kelpfs.master.founding.MemberChanges;
import dev.kelpfs.master.raft.Member;
import dev.kelpfs.master.state.StateLog;
import dev.kelpfs.wire.kelp.Introduction;
import dev.kelpfs.wire.kelp.JoinResponse;
import io.grpc.BindableService;
import java.io.IOException;
import java.util.List;

/** This master among the masters: alone ({@link SingleMaster}) or one of several ({@link Consensus}). Safe for all threads. */
interface Masters extends AutoCloseable {
    /** Owned by this. */
    StateLog log();

    /** The ports are open; whatever others are needed for begins. */
    void start();

    /** What a term needs first is committed here. */
    Brain.Inheritance inherit() throws IOException;

    /** Another master says who it is. @return what this one says of itself */
    Introduction meet(Introduction other);

    /** Takes a master in. @return why not; without a reason if it is a member now */
    JoinResponse admit(Member newcomer);

    /** Addresses of all members, as far as known. */
    List<ServerAddress> members();

    /** For people who change who the members are and who leads. */
    MemberChanges changes();

    /** What keeps this master from taking part, for people; empty if nothing does. */
    String waitsFor();

    /** True if waiting leads to nothing: a person must let this master in first, or stop it. */
    boolean isTurnedAway();

    /** Services of its own. */
    List<BindableService> services();

    /** Lets another member lead, if this master leads and there is one. */
    void handOver();

    @Override
    void close() throws IOException;
}
