import { tokenDetector } from './token.ts'

export const openaiKey = tokenDetector({
  name: 'openai_key',
  title: 'OpenAI key',
  finds:
    'Keys of OpenAI, of projects, service accounts, administrators and users: `sk-`, and `T3BlbkFJ` in the middle.',
  misses: 'Session tokens, which are JSON web tokens, and keys from before 2021.',
  shapes: [{ shape: 'sk-[0-9A-Za-z_-]{16,120}T3BlbkFJ[0-9A-Za-z_-]{16,120}' }],
  examples: [['sk-MadeUpForTheDocs0123T3Blbk', 'FJMadeUpForTheDocs0123'].join('')],
})

export const anthropicKey = tokenDetector({
  name: 'anthropic_key',
  title: 'Anthropic key',
  finds:
    'Keys and tokens of Anthropic: `sk-ant-`, their kind and version (`api03`, `admin01`, `oat01`), and 80 characters or more.',
  misses: 'Keys that were cut.',
  shapes: [{ shape: 'sk-ant-[a-z]{2,8}[0-9]{2}-[0-9A-Za-z_-]{80,200}' }],
  examples: [['x-api-key: sk-ant', `-api03-${'MadeUpForTheDocs0123456789_-'.repeat(4).slice(0, 93)}AA`].join('')],
})

export const huggingFaceToken = tokenDetector({
  name: 'hugging_face_token',
  title: 'Hugging Face token',
  finds: 'Tokens of users and organisations of Hugging Face: `hf_` or `api_org_`, and 34 letters.',
  misses: 'Nothing that is known.',
  shapes: [{ shape: '(?:hf|api_org)_[A-Za-z]{34}' }],
  examples: [['HF_TOKEN=h', 'f_MadeUpForTheDocsOfFieldsealAbcdefg'].join('')],
})

export const aiServiceKey = tokenDetector({
  name: 'ai_service_key',
  title: 'Key of an AI service',
  finds:
    'Keys of Groq (`gsk_`), Perplexity (`pplx-`), Replicate (`r8_`), xAI (`xai-`), OpenRouter (`sk-or-v1-`), DeepSeek (`sk-` and 32 hexadecimal digits), ElevenLabs (`sk_` and 48), LangSmith (`lsv2_`), Pinecone (`pcsk_`), NVIDIA (`nvapi-`), Cerebras (`csk-`) and Tavily (`tvly-`), by prefix, alphabet and length.',
  misses: 'Cohere, Mistral, Together and others whose keys have no prefix. Gemini’s are Google API keys.',
  shapes: [
    { shape: 'gsk_[0-9A-Za-z]{52}' },
    { shape: 'pplx-[0-9A-Za-z]{48,56}' },
    { shape: 'r8_[0-9A-Za-z]{37}' },
    { shape: 'xai-[0-9A-Za-z]{80}' },
    { shape: 'sk-or-v1-[0-9a-f]{64}' },
    { shape: 'sk-[0-9a-f]{32}' },
    { shape: 'sk_[0-9a-f]{48}' },
    { shape: 'lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}' },
    { shape: 'pcsk_[0-9A-Za-z]{5,6}_[0-9A-Za-z]{63}' },
    { shape: 'nvapi-[0-9A-Za-z_-]{64}' },
    { shape: 'csk-[0-9a-z]{48}' },
    { shape: 'tvly-(?:dev-|prod-)?[0-9A-Za-z]{32}' },
  ],
  examples: [['GROQ_API_KEY=gs', 'k_MadeUpForTheDocsOfFieldseal0123456789abcdefghijklmno'].join('')],
})
