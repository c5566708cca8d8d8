package dev.kelpfs.volume.metrics;

/** What a request is counted as: its method, or that it has none that is known here. */
public enum RequestKind {
    GET, HEAD, POST, PUT, DELETE, OPTIONS, INVALID;

    public static RequestKind of(String method) {
        return switch (method) {
            case "GET" -> GET;
            case "HEAD" -> HEAD;
            case "POST" -> POST;
            case "PUT" -> PUT;
            case "DELETE" -> DELETE;
            case "OPTIONS" -> OPTIONS;
            default -> INVALID;
        };
    }
}
