package dev.kelpfs.storage.volume;

/** What looking a key up can end in. */
public sealed interface FindResult {
    /** There is a record, not yet read. Close it when its bytes are copied or sent. */
    record Hit(FoundNeedle needle) implements FindResult, AutoCloseable {
        @Override
        public void close() {
            needle.close();
        }
    }

    /** The volume never had the key, or has forgotten it. */
    record Missing() implements FindResult {
        static final Missing ANSWER = new Missing();
    }

    /** The key was deleted. */
    record Deleted() implements FindResult {
        static final Deleted ANSWER = new Deleted();
    }

    /** The volume was unmounted meanwhile. */
    record Unmounted() implements FindResult {
        static final Unmounted ANSWER = new Unmounted();
    }
}
