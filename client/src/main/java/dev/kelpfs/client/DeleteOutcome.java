package dev.kelpfs.client;

import dev.kelpfs.core.FileId;

/** What became of one file of a batch that was to be deleted. */
public sealed interface DeleteOutcome {
    FileId id();

    /** It was there and is gone, with all its copies and chunks. */
    record Deleted(FileId id) implements DeleteOutcome {}

    /** There was none. */
    record Missing(FileId id) implements DeleteOutcome {}

    /** It may still be there, or some copy of it. Trying again does no harm. */
    record Failed(FileId id, String reason) implements DeleteOutcome {}
}
