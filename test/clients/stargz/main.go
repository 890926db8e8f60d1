package main

import (
	"fmt"
	"io"
	"os"

	"github.com/containerd/stargz-snapshotter/estargz"
	digest "github.com/opencontainers/go-digest"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// Opens a layer by its footer, verifies its table of contents against a digest, reads every chunk of every file and verifies it.
func main() {
	f, err := os.Open(os.Args[1])
	must(err)
	st, err := f.Stat()
	must(err)
	r, err := estargz.Open(io.NewSectionReader(f, 0, st.Size()))
	must(err)
	verifier, err := r.VerifyTOC(digest.Digest(os.Args[2]))
	must(err)
	var walk func(string, *estargz.TOCEntry)
	walk = func(dir string, e *estargz.TOCEntry) {
		e.ForeachChild(func(base string, child *estargz.TOCEntry) bool {
			name := dir + base
			fmt.Println(child.Type, name, child.Size, child.LinkName, len(child.Xattrs))
			if child.Type == "reg" && child.Size > 0 {
				file, err := r.OpenFile(name)
				must(err)
				got := digest.Canonical.Digester()
				_, err = io.Copy(got.Hash(), file)
				must(err)
				if got.Digest().String() != child.Digest {
					must(fmt.Errorf("%s has another digest", name))
				}
				for at := int64(0); at < child.Size; {
					chunk, ok := r.ChunkEntryForOffset(child.Name, at)
					if !ok {
						must(fmt.Errorf("%s has no chunk at %d", name, at))
					}
					v, err := verifier.Verifier(chunk)
					must(err)
					_, err = io.CopyN(v, io.NewSectionReader(file, chunk.ChunkOffset, chunk.ChunkSize), chunk.ChunkSize)
					must(err)
					if !v.Verified() {
						must(fmt.Errorf("%s is not verified at %d", name, at))
					}
					at += chunk.ChunkSize
				}
			}
			if child.Type == "dir" {
				walk(name+"/", child)
			}
			return true
		})
	}
	root, ok := r.Lookup("")
	if !ok {
		must(fmt.Errorf("no root"))
	}
	walk("", root)
	fmt.Println("verified")
}
