// SPDX-License-Identifier: Apache-2.0
// Readers of Java and its libraries. Readers MODE FILE prints "sha256<TAB>size<TAB>name" for each file in it.
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.util.*;
import java.util.zip.*;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

public class Readers {
    /** As from a network: nothing is known to be there before it is read, and little comes at a time. */
    static class Slow extends FilterInputStream {
        Slow(InputStream in) { super(in); }
        @Override public int available() { return 0; }
        @Override public int read(byte[] b, int off, int len) throws IOException {
            return in.read(b, off, Math.min(len, 1000));
        }
        @Override public boolean markSupported() { return false; }
    }

    static PrintStream out;

    static void tell(String name, InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] bytes = new byte[65536];
        long size = 0;
        int got;
        while ((got = in.read(bytes)) > 0) {
            digest.update(bytes, 0, got);
            size += got;
        }
        StringBuilder hex = new StringBuilder();
        for (byte b : digest.digest()) hex.append(String.format("%02x", b));
        out.println(hex + "\t" + size + "\t" + name);
    }

    static void archive(ArchiveInputStream archive) throws Exception {
        ArchiveEntry entry;
        while ((entry = archive.getNextEntry()) != null)
            if (!entry.isDirectory()) tell(entry.getName(), archive);
    }

    static InputStream stream(String file) throws IOException {
        return new Slow(new BufferedInputStream(new FileInputStream(file)));
    }

    public static void main(String[] args) throws Exception {
        String file = args[1];
        out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        switch (args[0]) {
        case "zip-file":
            try (ZipFile zip = new ZipFile(file)) {
                for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements();) {
                    ZipEntry entry = e.nextElement();
                    if (!entry.isDirectory()) tell(entry.getName(), zip.getInputStream(entry));
                }
            }
            break;
        case "zip-stream":
            try (ZipInputStream zip = new ZipInputStream(stream(file))) {
                ZipEntry entry;
                while ((entry = zip.getNextEntry()) != null)
                    if (!entry.isDirectory()) tell(entry.getName(), zip);
            }
            break;
        case "compress-zip-file":
            try (org.apache.commons.compress.archivers.zip.ZipFile zip =
                     new org.apache.commons.compress.archivers.zip.ZipFile(new File(file))) {
                for (Enumeration<ZipArchiveEntry> e = zip.getEntries(); e.hasMoreElements();) {
                    ZipArchiveEntry entry = e.nextElement();
                    if (!entry.isDirectory()) tell(entry.getName(), zip.getInputStream(entry));
                }
            }
            break;
        case "compress-zip-stream":
            archive(new ZipArchiveInputStream(stream(file)));
            break;
        case "zip4j-file": {
            net.lingala.zip4j.ZipFile zip = new net.lingala.zip4j.ZipFile(file);
            for (net.lingala.zip4j.model.FileHeader entry : zip.getFileHeaders())
                if (!entry.isDirectory())
                    try (InputStream in = zip.getInputStream(entry)) { tell(entry.getFileName(), in); }
            break;
        }
        case "zip4j-stream":
            try (net.lingala.zip4j.io.inputstream.ZipInputStream zip =
                     new net.lingala.zip4j.io.inputstream.ZipInputStream(stream(file))) {
                net.lingala.zip4j.model.LocalFileHeader entry;
                while ((entry = zip.getNextEntry()) != null)
                    if (!entry.isDirectory()) tell(entry.getFileName(), zip);
            }
            break;
        case "gzip-stream":
            archive(new TarArchiveInputStream(new GZIPInputStream(stream(file)), "UTF-8"));
            break;
        case "compress-gzip-stream":
            archive(new TarArchiveInputStream(new GzipCompressorInputStream(stream(file)), "UTF-8"));
            break;
        case "compress-tar-stream":
            archive(new TarArchiveInputStream(stream(file), "UTF-8"));
            break;
        default:
            throw new IllegalArgumentException(args[0]);
        }
        out.flush();
    }
}
