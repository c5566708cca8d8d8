package dev.kelpfs.master.state;

import dev.kelpfs.core.ServerAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far one of several masters is, as this one sees it.
 *
 * @param leads whether it is the one that leads
 * @param pulse what its silence means
 * @param entriesBehind entries of the log that it is not known to have, 0 for none; only the leader knows
 * @param silentFor since when it has not answered; only the leader knows, and of itself nothing
 */
public record MemberProgress(
        ServerAddress address, boolean leads, Pulse pulse, OptionalLong entriesBehind, Optional<Duration> silentFor) {}
