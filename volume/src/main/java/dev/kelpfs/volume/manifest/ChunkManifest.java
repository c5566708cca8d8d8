package dev.kelpfs.volume.manifest;

import dev.kelpfs.core.FileId;
import dev.kelpfs.http.HttpException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a chunk manifest says: {@code {"name","mime","size","chunks":[{"fid","offset","size"}]}}. Names of members know no
 * case, and members with other names are passed over.
 *
 * @param name file name of the whole; empty for none
 * @param mime type of the whole; empty for none
 * @param sizeBytes length of the whole, as its uploader wrote it down
 * @param chunks by their offsets
 */
public record ChunkManifest(String name, String mime, long sizeBytes, List<Chunk> chunks) {
    /** Longest manifest that is read. */
    public static final int MAX_BYTES = 16 << 20;

    /** Most chunks of one manifest; a larger file is put together of manifests. */
    public static final int MAX_CHUNKS = 200_000;

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * A part of the whole.
     *
     * @param fileId where it is, as text; whether that is a file id is for who opens it to see
     * @param offset of its first byte in the whole
     * @param bytes its length
     */
    public record Chunk(String fileId, long offset, long bytes) {
        /** Where it is; empty if the manifest names no file id. */
        public Optional<FileId> id() {
            try {
                return Optional.of(FileId.parse(fileId));
            } catch (IllegalArgumentException noFileId) {
                return Optional.empty();
            }
        }
    }

    public ChunkManifest {
        chunks = chunks.stream().sorted(Comparator.comparingLong(Chunk::offset)).toList();
    }

    /**
     * Reads the JSON of a manifest.
     *
     * @throws MalformedManifestException if it is none
     * @throws HttpException 500 if it has more than {@link #MAX_BYTES} or {@link #MAX_CHUNKS}
     */
    public static ChunkManifest parse(InputStream json) throws IOException {
        // One byte more tells a manifest that is too long from one that just fits.
        byte[] text = json.readNBytes(MAX_BYTES + 1);
        if (text.length > MAX_BYTES) throw tooLarge(MAX_BYTES + " bytes");
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            return manifest(parser);
        } catch (JacksonException noJson) {
            throw new MalformedManifestException("the manifest is no JSON: " + noJson.getOriginalMessage());
        }
    }

    /** Length of the whole: that of all chunks together. */
    public long bytes() {
        long bytes = 0;
        for (Chunk chunk : chunks) bytes = Math.addExact(bytes, chunk.bytes);
        return bytes;
    }

    private static ChunkManifest manifest(JsonParser parser) throws MalformedManifestException {
        if (parser.nextToken() != JsonToken.START_OBJECT) throw new MalformedManifestException("the manifest is no JSON object");
        String name = "";
        String mime = "";
        long sizeBytes = 0;
        List<Chunk> chunks = List.of();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = parser.currentName().toLowerCase(Locale.ROOT);
            JsonToken value = parser.nextToken();
            switch (member) {
                case "name" -> name = text(parser, value);
                case "mime" -> mime = text(parser, value);
                case "size" -> sizeBytes = number(parser, value);
                case "chunks" -> chunks = chunks(parser, value);
                default -> parser.skipChildren();
            }
        }
        if (parser.nextToken() != null) throw new MalformedManifestException("something follows the manifest");
        ChunkManifest manifest = new ChunkManifest(name, mime, sizeBytes, chunks);
        try {
            manifest.bytes();
        } catch (ArithmeticException tooLong) {
            throw new MalformedManifestException("the chunks of the manifest have more bytes than can be counted");
        }
        return manifest;
    }

    private static List<Chunk> chunks(JsonParser parser, JsonToken value) throws MalformedManifestException {
        if (value == JsonToken.VALUE_NULL) return List.of();
        if (value != JsonToken.START_ARRAY) throw new MalformedManifestException("the chunks of the manifest are no list");
        List<Chunk> chunks = new ArrayList<>();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            if (chunks.size() == MAX_CHUNKS) throw tooLarge(MAX_CHUNKS + " chunks");
            chunks.add(chunk(parser));
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) throw new MalformedManifestException("a chunk is no JSON object");
        return chunks;
    }

    private static HttpException tooLarge(String limit) {
        return new HttpException(500, "the chunk manifest has more than " + limit
                + "; it has to be parted into several, and those listed in a manifest of their own");
    }

    private static Chunk chunk(JsonParser parser) throws MalformedManifestException {
        String fileId = "";
        long offset = 0;
        long bytes = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = parser.currentName().toLowerCase(Locale.ROOT);
            JsonToken value = parser.nextToken();
            switch (member) {
                case "fid" -> fileId = text(parser, value);
                case "offset" -> offset = number(parser, value);
                case "size" -> bytes = number(parser, value);
                default -> parser.skipChildren();
            }
        }
        return new Chunk(fileId, offset, bytes);
    }

    private static String text(JsonParser parser, JsonToken value) throws MalformedManifestException {
        if (value == JsonToken.VALUE_NULL) return "";
        if (value == JsonToken.VALUE_STRING) return parser.getString();
        throw new MalformedManifestException("member " + parser.currentName() + " of the manifest is no text");
    }

    private static long number(JsonParser parser, JsonToken value) throws MalformedManifestException {
        if (value == JsonToken.VALUE_NULL) return 0;
        if (value == JsonToken.VALUE_NUMBER_INT) {
            long number = parser.getLongValue();
            if (number >= 0) return number;
        }
        throw new MalformedManifestException("member " + parser.currentName() + " of the manifest is no length or offset");
    }
}
