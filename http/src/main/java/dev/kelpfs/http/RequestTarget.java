package dev.kelpfs.http;

/** Path and query of a request line. */
record RequestTarget(String rawPath, String path, String rawQuery) {
    private static final String SCHEME_END = "://";

    /**
     * Takes the target apart: {@code /path?query}, {@code *}, or the absolute form, whose host is dropped.
     *
     * @throws HttpException 400 for anything else, for control characters, and for bad escapes in the path
     */
    static RequestTarget parse(String uri) {
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c <= ' ' || c == 0x7f) throw new HttpException(400, "a control character in the request target");
        }
        String target = uri.startsWith("/") ? uri : withoutHost(uri);
        int mark = target.indexOf('?');
        String rawPath = mark < 0 ? target : target.substring(0, mark);
        String rawQuery = mark < 0 ? "" : target.substring(mark + 1);
        String path = PercentCoding.decodePath(rawPath)
                .orElseThrow(() -> new HttpException(400, "a % without two hex digits in the path"));
        return new RequestTarget(rawPath, path, rawQuery);
    }

    private static String withoutHost(String uri) {
        if (uri.equals("*")) return uri;
        int scheme = uri.indexOf(SCHEME_END);
        boolean http = uri.regionMatches(true, 0, "http", 0, 4) && (scheme == 4 || scheme == 5);
        if (!http) throw new HttpException(400, "the request target must start with /");
        int host = scheme + SCHEME_END.length();
        int end = host;
        while (end < uri.length() && uri.charAt(end) != '/' && uri.charAt(end) != '?') end++;
        if (end == host) throw new HttpException(400, "the request target names no host");
        String rest = uri.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
