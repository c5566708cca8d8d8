package dev.kelpfs.cli.offline;

import dev.kelpfs.core.FileId;
import dev.kelpfs.core.VolumeId;
import dev.kelpfs.storage.needle.NeedleMetadata;
import dev.kelpfs.storage.volume.ScannedRecord;

/** One file of a volume on its way into a listing or an archive. */
record ExportedFile(VolumeId volume, ScannedRecord record, NeedleMetadata metadata) {
    FileId id() {
        return new FileId(volume, record.key(), metadata.cookie());
    }
}
