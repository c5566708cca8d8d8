package dev.kelpfs.master.simulation;

import dev.kelpfs.wire.kelp.MasterCommand;
import dev.kelpfs.wire.kelp.MasterSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a consensus node keeps over its lives. Index 0 is before the first entry. */
final class ConsensusDisk {
    /** @param command null for the entry with which a leader begins */
    record Entry(long term, @Nullable MasterCommand command) {}

    long term;
    @Nullable String votedFor;
    /** Entries up to here survive the death of the process. */
    int synced;
    int snapshotIndex;
    @Nullable MasterSnapshot snapshot;
    private final List<Entry> entries = new ArrayList<>();

    int last() {
        return entries.size();
    }

    long termAt(int index) {
        return index == 0 ? 0 : entries.get(index - 1).term;
    }

    Entry at(int index) {
        return entries.get(index - 1);
    }

    List<Entry> after(int index) {
        return List.copyOf(entries.subList(index, entries.size()));
    }

    void append(Entry entry) {
        entries.add(entry);
    }

    /** Entries above this one are gone. */
    void cutTo(int index) {
        entries.subList(index, entries.size()).clear();
        synced = Math.min(synced, index);
    }

    /** What a process that died did not have on its disk. */
    void loseUnsynced() {
        cutTo(Math.max(synced, snapshotIndex));
        synced = last();
    }
}
