package dev.kelpfs.master.simulation;

import dev.kelpfs.core.FileId;
import dev.kelpfs.master.simulation.ConsensusDisk.Entry;
import dev.kelpfs.master.state.Applied;
import dev.kelpfs.master.state.Leadership;
import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.master.AssignResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What happened, and whether it may: every event is held against the invariants the moment it comes. The first that is
 * broken ends the simulation.
 *
 * <p>The invariants: a key is given out once, and not to a volume that holds it; a volume id is one volume; what is given
 * out lies in a volume that the registry holds, and by a leader with its lease, of whom there is one in a term and none after
 * a later one, from a range that was reserved in that term; servers that are long gone are not written to; all masters apply
 * the same; the registry lets a volume go only when its server has it no more; what was acknowledged is found ({@link Files}).
 */
final class History {
    /** Lines that a failure shows. */
    private static final int TAIL = Integer.getInteger("kelp.simulation.tail", 60);

    private final VirtualTime time;
    private final Deque<String> tail = new ArrayDeque<>();
    private final List<Entry> appliedEntries = new ArrayList<>();
    private final Map<Long, Machine> leaders = new HashMap<>();
    private final NavigableMap<Long, Long> keys = new TreeMap<>();
    /** The first keys of ranges, and the terms in which they were reserved. */
    private final NavigableMap<Long, Long> reservedIn = new TreeMap<>();
    private final Set<AssignResponse> forwarded = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable String broken;
    private @Nullable Throwable cause;
    private long fingerprint;
    private long issuedTerm;
    private int issued;
    private @Nullable Cluster cluster;
    private @Nullable Files files;

    History(VirtualTime time) {
        this.time = time;
    }

    void watch(Cluster watched, Files stored) {
        cluster = watched;
        files = stored;
    }

    private Files files() {
        Files known = files;
        if (known == null) throw new IllegalStateException("nothing is watched yet");
        return known;
    }

    private Cluster cluster() {
        Cluster known = cluster;
        if (known == null) throw new IllegalStateException("nothing is watched yet");
        return known;
    }

    /** Notes something for whoever must understand what went wrong. */
    void note(String what) {
        String line = time.nanos() / 1_000_000 + " ms: " + what;
        fingerprint = fingerprint * 31 + line.hashCode() * 17L + time.nanos();
        if (tail.size() == TAIL) tail.poll();
        tail.add(line);
    }

    void bug(String where, Throwable bug) {
        if (broken != null) return;
        broken = "no thread dies: one of " + where + " did";
        cause = bug;
    }

    /** @param invariant what must hold, in words @param instead what happened */
    void isBroken(String invariant, String instead) {
        if (broken != null) return;
        note("BROKEN");
        broken = invariant + ": " + instead;
    }

    boolean isIntact() {
        return broken == null;
    }

    /** @throws BrokenInvariantException if one is broken */
    void check() {
        if (broken != null) throw new BrokenInvariantException(broken + "\n  " + String.join("\n  ", tail), cause);
    }

    /** Equal if and only if (nearly) everything happened alike. */
    long fingerprint() {
        return fingerprint;
    }

    int issued() {
        return issued;
    }

    void elected(Machine master, long term) {
        note(master + " is elected for term " + term);
        Machine other = leaders.putIfAbsent(term, master);
        if (other != null && other != master) isBroken("a term has one leader", "term " + term + " has " + other + " and " + master);
    }

    void stands(Machine master, Leadership now) {
        note(master + " is " + now);
        cluster().stands(master, now);
    }

    /** A master applied an entry of the log. */
    void applied(int index, Entry entry, Applied applied) {
        if (index <= appliedEntries.size()) {
            if (appliedEntries.get(index - 1) != entry) isBroken("all masters apply the same", "entry " + index + " differs: " + entry);
        } else if (index == appliedEntries.size() + 1) {
            appliedEntries.add(entry);
            if (applied instanceof Applied.KeysReserved(long first, long count)) reserved(entry.term(), first, count);
            MasterCommand command = entry.command();
            if (command != null) files().registered(command.getChangeRegistry());
        } else {
            isBroken("entries are applied in order", "entry " + index + " after " + appliedEntries.size());
        }
    }

    private void reserved(long term, long first, long count) {
        reservedIn.put(first, term);
        files().reserved(first + count - 1);
    }

    /** A process answered a call. */
    void sent(Machine by, Object message) {
        if (!(message instanceof AssignResponse answer) || answer.getFid().isEmpty()) return;
        // A follower passes on what the leader gave out.
        if (forwarded.add(answer)) issued(by, answer);
    }

    private void issued(Machine by, AssignResponse answer) {
        FileId id = FileId.parse(answer.getFid());
        long first = id.key().bits();
        long last = first + answer.getCount() - 1;
        issued++;
        note(by + " gives out " + answer.getFid() + " and " + (answer.getCount() - 1) + " more at " + cluster().names(answer));
        Map.Entry<Long, Long> before = keys.floorEntry(last);
        if (before != null && before.getValue() >= first) {
            isBroken("a key is given out once", by + " gave out " + first + " to " + last + " after " + before);
        }
        keys.put(first, last);
        int volume = id.volume().bits();
        cluster().holdersOf(volume).stream().filter(server -> server.store.holdsAny(volume, first, last)).findAny().ifPresent(server ->
                isBroken("no key is given out that a volume holds", by + " gave out " + first + " of volume " + volume + " on " + server));
        MasterMachine master = cluster().master(by);
        if (!(master.log().leadership() instanceof Leadership.Leading(long term))) {
            isBroken("who gives out keys leads", by + " is " + master.log().leadership());
            return;
        }
        if (!master.log().holdsLease()) isBroken("who gives out keys has its lease", by + " lost that of term " + term);
        Map.Entry<Long, Long> range = reservedIn.floorEntry(first);
        if (range == null || range.getValue() != term) {
            isBroken("keys come from a range of the own term", by + " gave out " + first + " in term " + term + ", of " + range);
        }
        if (leaders.get(term) != by) isBroken("who gives out keys was elected", by + " in term " + term);
        if (term < issuedTerm) isBroken("nobody gives out keys after a later leader did", by + " in term " + term + " after " + issuedTerm);
        issuedTerm = Math.max(issuedTerm, term);
        files().issued(by, volume, first);
        cluster().checkPlaces(master, term, volume, answer);
    }
}
