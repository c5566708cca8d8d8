package dev.kelpfs.master.founding;

import dev.kelpfs.core.ServerAddress;
import java.io.IOException;

/** Changes of the masters that somebody asks for. They wait, and work at the leader only. Safe for all threads. */
public interface MemberChanges {
    /**
     * Lets the master at this address in; it must run, with {@code -peers} that name this cluster, and asks for it then.
     *
     * @throws IOException if it is no member after a while; the message says what to do
     */
    void add(ServerAddress address) throws IOException, InterruptedException;

    /** @throws IOException if there is no such member, or the others did not agree */
    void remove(ServerAddress address) throws IOException;

    /**
     * Has another member lead.
     *
     * @return who leads then
     * @throws IOException if there is no such member, or it does not lead in time
     */
    ServerAddress transferTo(ServerAddress address) throws IOException;

    /** Has any other member lead that is well. */
    ServerAddress transfer() throws IOException;
}
