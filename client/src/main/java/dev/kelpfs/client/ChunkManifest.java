package dev.kelpfs.client;

import dev.kelpfs.core.FileId;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The list of chunks that stands in for a large file under its id: JSON with name, type, size, and for each chunk its id,
 * offset and size. Volume servers put the file together from it on reads and delete the chunks with it.
 *
 * <p>Source: volume server, section 3.8.
 */
record ChunkManifest(String name, String mime, List<Chunk> chunks) {
    /** One piece, stored under an id of its own. */
    record Chunk(FileId id, long offset, long bytes) {}

    ChunkManifest {
        chunks = List.copyOf(chunks);
    }

    long bytes() {
        return chunks.stream().mapToLong(Chunk::bytes).sum();
    }

    byte[] json() {
        StringBuilder json = new StringBuilder("{");
        if (!name.isEmpty()) json.append("\"name\":").append(quoted(name)).append(',');
        if (!mime.isEmpty()) json.append("\"mime\":").append(quoted(mime)).append(',');
        json.append("\"size\":").append(bytes()).append(",\"chunks\":[");
        for (int i = 0; i < chunks.size(); i++) {
            Chunk chunk = chunks.get(i);
            json.append(i == 0 ? "" : ",").append("{\"fid\":\"").append(chunk.id()).append("\",\"offset\":")
                    .append(chunk.offset()).append(",\"size\":").append(chunk.bytes()).append('}');
        }
        return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') quoted.append('\\').append(c);
            else if (c < ' ') quoted.append(String.format("\\u%04x", (int) c));
            else quoted.append(c);
        }
        return quoted.append('"').toString();
    }
}
