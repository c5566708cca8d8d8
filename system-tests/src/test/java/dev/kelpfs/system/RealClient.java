package dev.kelpfs.system;

import java.util.List;
import java.util.Optional;

/** A client program as users have it, and what it is asked to do with a server. */
interface RealClient {
    /** One thing to do; the test fails if {@code attempt} throws. */
    record Trial(String what, Attempt attempt) {}

    @FunctionalInterface
    interface Attempt {
        void on(ClientSite site) throws Exception;
    }

    String name();

    /** Why it cannot be tried on this machine, and what to install; empty if it can. */
    Optional<String> missing();

    /** What the program says that it is. */
    String version() throws Exception;

    List<Trial> trials();
}
