package dev.kelpfs.master.state;

import dev.kelpfs.core.ServerAddress;
import java.util.Optional;

/** Where this master stands among the masters. */
public sealed interface Leadership {
    /** The term this was true in; grows with every election. */
    long term();

    /** This master leads: only its proposals can be committed in this term. */
    record Leading(long term) implements Leadership {}

    /** Another one leads, or nobody is known to. */
    record Following(long term, Optional<ServerAddress> leader) implements Leadership {}

    /** The log failed; nothing can be committed by this process any more. */
    record Failed(long term, String reason) implements Leadership {}
}
