package dev.kelpfs.system;

import dev.kelpfs.core.FileId;
import dev.kelpfs.testkit.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What clients may rely on. Each file belongs to one client, which has at most one change of it under way: until that is
 * acknowledged, the state before and the state after are both right; from then on only the latter. Reading tells
 * which one it was, and it must stay so.
 */
final class Ledger {
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

    /** Content that can be made again from its seed. */
    record Content(Seed seed, int length) {
        byte[] bytes() {
            return seed.bytes(length);
        }
    }

    /** One file. Changed by the client that owns it, then, when all clients have ended, by the checker. */
    static final class Entry {
        private final HttpFiles.Place place;
        private Optional<Content> certain = Optional.empty();
        private @Nullable Optional<Content> underWay;

        private Entry(HttpFiles.Place place) {
            this.place = place;
        }

        HttpFiles.Place place() {
            return place;
        }

        /** Said before the request is sent. */
        void begin(Optional<Content> after) {
            underWay = after;
        }

        /** Said when the answer has come. */
        void acknowledge() {
            if (underWay == null) throw new IllegalStateException("nothing was begun for " + place);
            certain = underWay;
            underWay = null;
        }

        boolean isStored() {
            return underWay == null && certain.isPresent();
        }

        /** Settles on what was read. @return what is wrong with it, or nothing */
        Optional<String> check(Answer read) {
            List<Optional<Content>> right = new ArrayList<>(List.of(certain));
            if (underWay != null) right.add(underWay);
            for (Optional<Content> state : right) {
                boolean same = state.isPresent()
                        ? read.status() == 200 && Arrays.equals(read.body(), state.get().bytes())
                        : read.status() == 404;
                if (same) {
                    certain = state;
                    underWay = null;
                    return Optional.empty();
                }
            }
            return Optional.of(place.id() + " must be one of " + right + ", but reading gave " + read.status() + " and "
                    + read.body().length + " bytes");
        }
    }

    /** Opens the entry of a new id. @throws AssertionError if the id was given out before */
    Entry open(HttpFiles.Place place) {
        FileId id = place.id();
        Entry entry = new Entry(place);
        // Volume and key alone: another cookie does not make a key another one.
        if (entries.putIfAbsent(id.volume() + "," + id.key(), entry) != null) {
            throw new AssertionError("the id " + id + " was given out twice");
        }
        return entry;
    }

    Collection<Entry> entries() {
        return entries.values();
    }
}
