/*
 * Copyright 2026 the ClientConn authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.clientconn.transport;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link StreamTable}.
 */
class StreamTableTests {

	private static final Http2ClientTransport TRANSPORT = mock(Http2ClientTransport.class);

	private final StreamTable table = new StreamTable();

	@Test
	void behavesLikeAMap() {
		Map<Integer, Http2Stream> expected = new HashMap<>();
		List<Integer> ids = new ArrayList<>();
		Random random = new Random(7);
		int nextId = 1;
		for (int i = 0; i < 20_000; i++) {
			if (ids.isEmpty() || random.nextInt(100) < 52) {
				// Leaps make ids collide, as long-lived streams do.
				nextId += 2 * (1 + random.nextInt(40));
				Http2Stream stream = stream(nextId);
				this.table.put(stream);
				expected.put(nextId, stream);
				ids.add(nextId);
			}
			else {
				int id = ids.remove(random.nextInt(ids.size()));
				assertThat(this.table.remove(id)).isSameAs(expected.remove(id));
				assertThat(this.table.remove(id)).isNull();
			}
			assertThat(this.table.size()).isEqualTo(expected.size());
		}
		expected.forEach((id, stream) -> assertThat(this.table.get(id)).isSameAs(stream));
		assertThat(this.table.toArray()).hasSameElementsAs(expected.values());
		assertThat(this.table.get(nextId + 2)).isNull();
	}

	@Test
	void arrayIsOrderedById() {
		this.table.put(stream(5));
		this.table.put(stream(1));
		this.table.put(stream(3));

		assertThat(this.table.toArray()).extracting((stream) -> stream.id).containsExactly(1, 3, 5);
	}

	private static Http2Stream stream(int id) {
		Http2Stream stream = new Http2Stream(TRANSPORT, Rig.head(Rig.ECHO, new Metadata(), null),
				new RecordingStream());
		stream.id = id;
		return stream;
	}

}
