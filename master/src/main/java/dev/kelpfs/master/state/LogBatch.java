package dev.kelpfs.master.state;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.kelpfs.wire.kelp.MasterCommand;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Commands that became durable together, as they stand in the log, big-endian:
 *
 * <pre>
 *  0  u32  magic "KMB1"
 *  4  u32  bytes of the payload
 *  8  u64  index of the first command
 * 16  u32  number of commands, at least 1
 * 20  u32  CRC-32C of bytes 4 to 19 and the payload
 * 24  payload: per command u32 length and a kelp_pb.MasterCommand
 * </pre>
 *
 * <p>A batch is written only after the one before it was synced. So an unreadable batch at the end is a write that no
 * crash let finish and nobody was told of; an unreadable one <em>before</em> a readable one is damage.
 */
record LogBatch(long firstIndex, List<MasterCommand> commands) {
    static final int HEADER_BYTES = 24;

    /** Larger ones are never written, so a larger length is damage. */
    static final int MAX_PAYLOAD_BYTES = 128 << 20;

    private static final int MAGIC = 0x4B4D4231;
    private static final int COVERED_FROM = 4;
    private static final int CRC_AT = 20;

    LogBatch {
        commands = List.copyOf(commands);
        if (commands.isEmpty()) throw new IllegalArgumentException("a batch holds at least one command");
    }

    /** The batch as bytes, ready to be written. */
    ByteBuffer encode() {
        int payload = commands.stream().mapToInt(command -> Integer.BYTES + command.getSerializedSize()).sum();
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + payload);
        out.putInt(MAGIC).putInt(payload).putLong(firstIndex).putInt(commands.size()).putInt(0);
        for (MasterCommand command : commands) {
            byte[] bytes = command.toByteArray();
            out.putInt(bytes.length).put(bytes);
        }
        out.putInt(CRC_AT, crc(out, 0, payload));
        return out.flip();
    }

    /** Bytes of the whole batch that starts at {@code offset}; call only for one that {@link #decode} accepted. */
    static int bytesAt(ByteBuffer log, int offset) {
        return HEADER_BYTES + log.getInt(offset + 4);
    }

    /** The batch at {@code offset}, or nothing if the bytes there are none. */
    static Optional<LogBatch> decode(ByteBuffer log, int offset) {
        if (log.limit() - offset < HEADER_BYTES || log.getInt(offset) != MAGIC) return Optional.empty();
        int payload = log.getInt(offset + 4);
        if (payload < 0 || payload > MAX_PAYLOAD_BYTES || log.limit() - offset - HEADER_BYTES < payload) return Optional.empty();
        if (log.getInt(offset + CRC_AT) != crc(log, offset, payload)) return Optional.empty();
        int count = log.getInt(offset + 16);
        List<MasterCommand> commands = new ArrayList<>();
        int at = offset + HEADER_BYTES;
        int end = at + payload;
        try {
            while (at < end) {
                int length = log.getInt(at);
                commands.add(MasterCommand.parseFrom(log.slice(at + Integer.BYTES, length)));
                at += Integer.BYTES + length;
            }
        } catch (InvalidProtocolBufferException | IndexOutOfBoundsException unreadable) {
            return Optional.empty();
        }
        if (commands.isEmpty() || commands.size() != count) return Optional.empty();
        return Optional.of(new LogBatch(log.getLong(offset + 8), commands));
    }

    /** True if a readable batch starts anywhere behind {@code offset}. */
    static boolean anyBehind(ByteBuffer log, int offset) {
        for (int at = offset + 1; at <= log.limit() - HEADER_BYTES; at++) {
            if (log.getInt(at) == MAGIC && decode(log, at).isPresent()) return true;
        }
        return false;
    }

    private static int crc(ByteBuffer bytes, int offset, int payload) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(offset + COVERED_FROM, CRC_AT - COVERED_FROM));
        crc.update(bytes.slice(offset + HEADER_BYTES, payload));
        return (int) crc.getValue();
    }
}
