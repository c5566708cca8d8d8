package dev.kelpfs.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * A file of this machine, to be stored; the only place where the client touches the file system. Its length is taken once:
 * what is appended afterwards is not read, and a file that has become shorter fails the upload.
 */
record LocalFile(Path path, long bytes, Instant modified) implements Content.Repeatable {
    static LocalFile of(Path path) throws KelpException {
        try {
            if (Files.isDirectory(path)) throw new KelpException(path + " is a directory, expected a file");
            return new LocalFile(path, Files.size(path), Files.getLastModifiedTime(path).toInstant());
        } catch (NoSuchFileException missing) {
            throw new KelpException("there is no file " + path, missing);
        } catch (KelpException known) {
            throw known;
        } catch (IOException unreadable) {
            throw new KelpException("cannot read " + path + ": " + unreadable, unreadable);
        }
    }

    @Override
    public InputStream open(long offset) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            channel.position(offset);
            return new UpTo(Channels.newInputStream(channel), bytes - offset);
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    /** At most so many bytes of a stream. */
    private static final class UpTo extends FilterInputStream {
        private long left;

        UpTo(InputStream in, long bytes) {
            super(in);
            this.left = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) return -1;
            int count = in.read(to, offset, (int) Math.min(length, left));
            if (count > 0) left -= count;
            return count;
        }
    }
}
