package dev.kelpfs.cli.offline;

import dev.kelpfs.storage.needle.NeedleMetadata;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes files into a tar, their content as it is stored. Each one is verified before a byte of it is written. */
final class TarExport implements ExportSink {
    private static final int MODE = 0100644;

    private final TarArchiveOutputStream tar;
    private final FileNameTemplate template;
    private final byte[] scratch = new byte[64 * 1024];

    TarExport(OutputStream out, FileNameTemplate template) {
        this.tar = new TarArchiveOutputStream(out, "UTF-8");
        this.template = template;
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
    }

    @Override
    public void take(ExportedFile file) throws IOException {
        NeedleMetadata metadata = file.record().verify();
        TarArchiveEntry entry = new TarArchiveEntry(name(file, metadata), true);
        entry.setSize(metadata.dataBytes());
        entry.setMode(MODE);
        entry.setIds(0, 0);
        entry.setModTime(FileTime.from(Instant.ofEpochSecond(metadata.lastModifiedEpochSeconds())));
        tar.putArchiveEntry(entry);
        file.record().readData(metadata.dataBytes(), this::write);
        tar.closeArchiveEntry();
    }

    private String name(ExportedFile file, NeedleMetadata metadata) {
        String name = EntryName.safe(template.name(new FileNameTemplate.Values(
                Long.toUnsignedString(file.record().key().bits()), metadata.name(), metadata.mime(), file.id().toString(),
                EntryName.extension(metadata.name(), metadata.mime()))));
        if (metadata.isCompressed()) name = EntryName.compressed(name);
        // Several versions of a file share its name; none may hide the live one when the archive is unpacked.
        return file.record().isLive() ? name : "deleted/" + file.record().offset() + "_" + name.replace('/', '_');
    }

    private void write(ByteBuffer piece) throws IOException {
        while (piece.hasRemaining()) {
            int bytes = Math.min(scratch.length, piece.remaining());
            piece.get(scratch, 0, bytes);
            tar.write(scratch, 0, bytes);
        }
    }

    @Override
    public void end() throws IOException {
        tar.finish();
        tar.flush();
    }
}
