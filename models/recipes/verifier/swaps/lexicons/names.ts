/** Names by their kind: one may stand in another's place, and the question is another. */
import { toList } from './words.ts';

export const NAMES = {
  country:
    toList(`India, China, Germany, France, Japan, Canada, Australia, Brazil, Mexico, Italy, Spain, Russia, Pakistan,
    Bangladesh, Nepal, Sri Lanka, Norway, Sweden, Finland, Denmark, Poland, Austria, Switzerland, Portugal, Greece, Turkey, Egypt,
    Nigeria, Kenya, South Africa, Ghana, Ethiopia, Morocco, Argentina, Chile, Peru, Colombia, Cuba, Vietnam, Thailand, Malaysia,
    Singapore, Indonesia, Philippines, South Korea, North Korea, Israel, Iran, Iraq, Saudi Arabia, Ukraine, Romania, Hungary,
    Ireland, Iceland, Belgium, Netherlands, New Zealand, Croatia, Serbia, Qatar, Kuwait, Afghanistan, Bhutan, England, Scotland`),
  city: toList(`London, Paris, Berlin, Madrid, Rome, Vienna, Prague, Dublin, Lisbon, Oslo, Stockholm, Helsinki, Warsaw, Athens,
    Istanbul, Cairo, Nairobi, Lagos, Mumbai, Delhi, Bangalore, Chennai, Hyderabad, Kolkata, Pune, Jaipur, Karachi, Lahore, Dhaka,
    Tokyo, Osaka, Kyoto, Seoul, Beijing, Shanghai, Hong Kong, Bangkok, Hanoi, Manila, Jakarta, Sydney, Melbourne, Auckland,
    Toronto, Montreal, Vancouver, New York, Chicago, Boston, Seattle, Denver, Dallas, Houston, Austin, Miami, Atlanta, Phoenix,
    San Francisco, Los Angeles, San Diego, Las Vegas, Philadelphia, Detroit, Portland, Barcelona, Munich, Hamburg, Zurich, Geneva`),
  language:
    toList(`English, French, German, Spanish, Italian, Portuguese, Russian, Chinese, Japanese, Korean, Arabic, Hindi, Tamil,
    Telugu, Urdu, Bengali, Punjabi, Dutch, Swedish, Norwegian, Danish, Finnish, Polish, Czech, Greek, Turkish, Hebrew, Persian,
    Vietnamese, Thai, Indonesian, Malay, Swahili, Latin, Sanskrit, Mandarin, Cantonese, Marathi, Gujarati, Ukrainian`),
  code: toList(`Python, Java, JavaScript, TypeScript, Ruby, Rust, Kotlin, Swift, PHP, Perl, Scala, Haskell, MATLAB, C++, C#, Golang,
    Fortran, COBOL, Lua, Elixir, Julia, R, Bash, SQL, Dart, Erlang, Clojure, Visual Basic, Objective-C, Groovy`),
  product:
    toList(`Facebook, Instagram, WhatsApp, Twitter, Snapchat, YouTube, Gmail, Quora, LinkedIn, Skype, Telegram, Reddit, Tinder,
    Netflix, Spotify, Uber, Airbnb, Amazon, eBay, Flipkart, PayPal, Google, Microsoft, Apple, Samsung, Nokia, Sony, Intel, IBM,
    Oracle, Tesla, Toyota, Honda, BMW, Ford, Walmart, Starbucks, Nike, Adidas, Windows, Linux, Android, iPhone, Photoshop, Excel,
    PowerPoint, MySQL, PostgreSQL, MongoDB, Redis, Docker, Kubernetes, TensorFlow, PyTorch, Django, Flask, React, Angular, WordPress,
    Dropbox, Slack, Zoom, Chrome, Firefox, Safari, Ubuntu, Debian, Jenkins, GitHub, GitLab, Pinterest, Tumblr, Paytm, Wikipedia`),
  person:
    toList(`Barack Obama, Donald Trump, Hillary Clinton, Bernie Sanders, Narendra Modi, Rahul Gandhi, Arvind Kejriwal, Angela Merkel,
    Vladimir Putin, Elon Musk, Bill Gates, Steve Jobs, Mark Zuckerberg, Jeff Bezos, Warren Buffett, Albert Einstein, Isaac Newton,
    Stephen Hawking, Nikola Tesla, Thomas Edison, Marie Curie, Charles Darwin, William Shakespeare, Jane Austen, Charles Dickens,
    Mark Twain, Ernest Hemingway, Leo Tolstoy, Mozart, Beethoven, Bach, Pablo Picasso, Leonardo da Vinci, Napoleon, Julius Caesar,
    Alexander Hamilton, Abraham Lincoln, George Washington, John Kennedy, Winston Churchill, Mahatma Gandhi, Nelson Mandela,
    Virat Kohli, Sachin Tendulkar, Lionel Messi, Cristiano Ronaldo, Roger Federer, Rafael Nadal, Usain Bolt, Michael Jordan,
    LeBron James, Shah Rukh Khan, Salman Khan, Amitabh Bachchan, Tom Cruise, Brad Pitt, Leonardo DiCaprio, Taylor Swift, Beyonce`),
  first:
    toList(`Anna, Bob, Carla, David, Emma, Frank, Grace, Henry, Irene, Jack, Karen, Liam, Maria, Nina, Oscar, Paula, Quentin, Rosa,
    Simon, Tina, Ursula, Victor, Wendy, Xavier, Yusuf, Zoe, Priya, Rahul, Amit, Sofia, Lucas, Mia, Noah, Olivia, Peter, Sarah`),
  university:
    toList(`Harvard, Stanford, MIT, Princeton, Yale, Oxford, Cambridge, Berkeley, Columbia, Cornell, Caltech, UCLA, NYU,
    IIT Bombay, IIT Delhi, Carnegie Mellon, Georgia Tech, Purdue, Duke, Brown`),
  planet: toList('Mercury, Venus, Mars, Jupiter, Saturn, Uranus, Neptune, Pluto, the Moon, the Sun'),
  disease:
    toList(`diabetes, asthma, malaria, cancer, pneumonia, arthritis, epilepsy, tuberculosis, hepatitis, dengue, anemia, migraine,
    measles, cholera, influenza, leukemia`),
  medicine:
    toList(`ibuprofen, aspirin, paracetamol, penicillin, insulin, metformin, codeine, morphine, amoxicillin, melatonin, caffeine,
    vitamin C, vitamin D, warfarin, prednisone, diazepam`),
  food: toList(`rice, bread, chicken, beef, pork, salmon, tofu, pasta, pizza, lentils, potatoes, spinach, broccoli, apples, bananas,
    mangoes, oranges, almonds, walnuts, cheese, butter, yogurt, honey, chocolate, coffee, tea, eggs, mushrooms, beans, quinoa`),
  animal:
    toList(`dog, cat, horse, cow, goat, sheep, rabbit, hamster, parrot, snake, turtle, elephant, tiger, lion, bear, wolf, fox,
    dolphin, whale, shark, eagle, owl, penguin, kangaroo`),
} as const;
