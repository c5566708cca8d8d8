package dev.kelpfs.master.placement;

import java.time.Duration;

/** Why a server takes no volumes at the moment, whatever room it has. */
public sealed interface Hindrance {
    /** It takes some. */
    record None() implements Hindrance {}

    /** It sends no heartbeats, and is not given up yet. @param quiet time since the last one */
    record Silent(Duration quiet) implements Hindrance {}

    /** It was asked a moment ago and failed to answer. @param reason names the server */
    record Unanswering(String reason) implements Hindrance {}

    /** An operator put it into maintenance. */
    record Maintenance() implements Hindrance {}

    /** True if it may be over at any moment without anybody's doing. */
    default boolean mayPass() {
        return switch (this) {
            case Silent _, Unanswering _ -> true;
            case None _, Maintenance _ -> false;
        };
    }
}
