package hooks

import "strings"

// ImageVersion is the tag of the image that the service runs: of the only one, or of that whose repository is called like
// the service. It is "" where that cannot be told, or the image is named by no tag but latest.
func ImageVersion(images []string, service string) string {
	if len(images) == 1 {
		_, tag := splitImage(images[0])
		return tag
	}
	for _, image := range images {
		if repository, tag := splitImage(image); repository == service {
			return tag
		}
	}
	return ""
}

// splitImage gives the last part of an image's repository and its tag: registry:5000/team/checkout:2.3.0@sha256:… is
// checkout and 2.3.0.
func splitImage(image string) (repository, tag string) {
	image, _, _ = strings.Cut(image, "@")
	last := image[strings.LastIndexByte(image, '/')+1:]
	repository, tag, _ = strings.Cut(last, ":")
	if tag == "latest" {
		tag = ""
	}
	return repository, tag
}
