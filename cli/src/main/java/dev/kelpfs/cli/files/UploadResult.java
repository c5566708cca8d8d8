package dev.kelpfs.cli.files;

import dev.kelpfs.cli.tool.JsonText;

/**
 * What became of one file, as {@code weed upload} prints it.
 *
 * @param url {@code host:port/id}; empty if it was not stored, and so are id and size
 * @param error empty if it was stored
 */
record UploadResult(String fileName, String url, String fid, long size, String error) {
    static UploadResult stored(String fileName, String url, String fid, long size) {
        return new UploadResult(fileName, url, fid, size, "");
    }

    static UploadResult failed(String fileName, String error) {
        return new UploadResult(fileName, "", "", 0, error);
    }

    boolean isStored() {
        return error.isEmpty();
    }

    String json() {
        return JsonText.object(json -> {
            json.writeStringProperty("fileName", fileName);
            json.writeStringProperty("url", url);
            json.writeStringProperty("fid", fid);
            json.writeNumberProperty("size", size);
            if (!error.isEmpty()) json.writeStringProperty("error", error);
        });
    }
}
