package hooks

import (
	"slices"
	"strings"
)

// ImageVersion is the tag of the image that the service runs. If there are several images, it is the one whose
// repository has the name of the service. It is "" if the image cannot be told, or if it has no tag but latest.
func ImageVersion(images []string, service string) string {
	if tags := imageTags(images, service); len(tags) == 1 {
		return tags[0]
	}
	return ""
}

// imageTags are the tags of the image that the service runs, each once. There are several while instances of one
// version replace those of another. There is none if the image cannot be told, or if it has no tag but latest.
func imageTags(images []string, service string) []string {
	byRepository := make(map[string][]string)
	for _, image := range images {
		repository, tag := splitImage(image)
		if !slices.Contains(byRepository[repository], tag) {
			byRepository[repository] = append(byRepository[repository], tag)
		}
	}
	tags, named := byRepository[service]
	if !named && len(byRepository) == 1 {
		for _, of := range byRepository {
			tags = of
		}
	}
	return slices.DeleteFunc(tags, func(tag string) bool { return tag == "" })
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
