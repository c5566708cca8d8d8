package dev.kelpfs.volume.replication;

import dev.kelpfs.http.Reply;
import dev.kelpfs.http.client.PeerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The requests by which servers pass changes on, as the reference knows them: a form with one part for a write, the bare
 * path for a delete. The data is referred to, never copied.
 */
final class ReplicaRequests {
    /** A server that is alive answers a write in milliseconds; a disk may stall for some seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** A sync waits for all that the disk has still to write. */
    private static final Duration SYNC_PATIENCE = Duration.ofSeconds(30);

    private static final String PAIR_PREFIX = "Seaweed-";

    private final RandomGenerator random;

    ReplicaRequests(RandomGenerator random) {
        this.random = random;
    }

    /** The same request for each peer; the data follows its own length. */
    List<PeerRequest> write(CopyOfWrite copy, List<String> peers, String requestId) {
        String boundary = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
        List<ByteBuf> body = new ArrayList<>(copy.data().size() + 2);
        body.add(text("--" + boundary + "\r\n" + partHead(copy) + "\r\n"));
        for (ByteBuffer piece : copy.data()) body.add(Unpooled.wrappedBuffer(piece));
        body.add(text("\r\n--" + boundary + "--\r\n"));
        List<String> headers = new ArrayList<>();
        headers.add("Content-Type");
        headers.add("multipart/form-data; boundary=" + boundary);
        addCommon(headers, copy.token(), requestId);
        for (Map.Entry<String, String> pair : copy.pairs().entrySet()) {
            if (!Reply.isHeaderName(pair.getKey())) continue;
            headers.add(PAIR_PREFIX + pair.getKey());
            headers.add(oneCharAByte(pair.getValue()));
        }
        String target = copy.rawPath() + "?type=replicate&ttl=" + copy.ttl() + "&ts=" + copy.modifiedEpochSeconds()
                + (copy.fsync() ? "&fsync=true" : "") + (copy.manifest() ? "&cm=true" : "");
        Duration patience = copy.fsync() ? SYNC_PATIENCE : PATIENCE;
        return peers.stream()
                .map(peer -> new PeerRequest(HttpMethod.POST, peer, target, headers, body, patience))
                .toList();
    }

    List<PeerRequest> delete(String rawPath, String token, List<String> peers, String requestId) {
        List<String> headers = new ArrayList<>();
        addCommon(headers, token, requestId);
        return peers.stream()
                .map(peer -> new PeerRequest(
                        HttpMethod.DELETE, peer, rawPath + "?type=replicate", headers, List.of(), PATIENCE))
                .toList();
    }

    private static void addCommon(List<String> headers, String token, String requestId) {
        if (!token.isEmpty()) {
            headers.add("Authorization");
            headers.add("Bearer " + token);
        }
        headers.add("x-amz-request-id");
        headers.add(requestId);
    }

    private static String partHead(CopyOfWrite copy) {
        StringBuilder head = new StringBuilder("Content-Disposition: form-data; name=\"file\"; ");
        appendFileName(head, copy.name());
        head.append("\r\n");
        if (!copy.mime().isEmpty()) head.append("Content-Type: ").append(copy.mime()).append("\r\n");
        if (copy.compressed()) head.append("Content-Encoding: gzip\r\n");
        return head.toString();
    }

    /** Plain where that can be read back; else percent-encoded, which keeps control characters out of the head. */
    private static void appendFileName(StringBuilder head, String name) {
        boolean plain = name.chars().noneMatch(c -> c < ' ' || c == 0x7f);
        if (plain) {
            head.append("filename=\"").append(name.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
            return;
        }
        head.append("filename*=utf-8''");
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean letter = b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9';
            if (letter) head.append((char) b);
            else head.append(String.format("%%%02X", b & 0xff));
        }
    }

    private static ByteBuf text(String utf8) {
        return Unpooled.wrappedBuffer(utf8.getBytes(StandardCharsets.UTF_8));
    }

    /** Header values travel with one char for each byte of UTF-8. */
    private static String oneCharAByte(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
