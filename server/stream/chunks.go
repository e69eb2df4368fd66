package stream

// chunk is how many bytes a client must read within the write timeout.
const chunk = 64 << 10

// InChunks writes the message in chunks. The client must read each chunk within the write timeout. When all streams
// must end, InChunks stops in the middle of a long message and fails with ErrClosing: the client then gets the whole
// message again from another server.
func InChunks(message []byte, closing <-chan struct{}, write func([]byte) (int, error)) (written int, err error) {
	for {
		n, err := write(message[written:min(written+chunk, len(message))])
		if written += n; err != nil || written >= len(message) {
			return written, err
		}
		if isClosed(closing) {
			return written, ErrClosing
		}
	}
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
