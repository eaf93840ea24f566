# expect: memory
# Unpacks a gigabyte from a megabyte that was made in no time.
import zlib

packer = zlib.compressobj(wbits=-15)
# After a full flush nothing refers back: the block can be repeated.
block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
zlib.decompress(block * 1000, wbits=-15)
